import type { Express, Response } from 'express';
import type { ApiDeps } from './deps';
import type { Endpoint } from './endpoint';
import type { Reply } from './exchange';
import { Problem } from './problem';

/** Routes for all endpoints, and a 405 with `Allow` for every other method on their addresses. */
export function registerEndpoints(app: Express, endpoints: readonly Endpoint[], deps: ApiDeps) {
  const methods = new Map<string, string[]>();
  for (const endpoint of endpoints) {
    const route = endpoint.path.replace(/\{(\w+)\}/g, ':$1');
    methods.set(route, [...(methods.get(route) ?? []), endpoint.method]);
    app[endpoint.method](route, async (request, response) => {
      response.locals.route = endpoint.path;
      const reply = await endpoint.serve({ deps, request, response });
      if (reply) send(response, reply);
    });
  }
  for (const [route, allowed] of methods) app.all(route, refuseMethod(allowed));
}

function send(response: Response, { status, headers, body }: Reply): void {
  response.status(status).set(headers ?? {});
  if (body === undefined) response.end();
  else response.json(body);
}

/** A 405 that names the methods of an address. */
export function refuseMethod(allowed: string[]) {
  const names = allowed.map((method) => method.toUpperCase());
  const allow = [...names, ...(names.includes('GET') ? ['HEAD'] : [])].join(', ');
  return () => {
    throw new Problem('method-not-allowed', `Allowed methods: ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}
