/**
 * A Webex that doesn't behave: an HTTP server in front of the simulator, or of scripted answers, that
 * bends what passes through it. The rules are a table (`Bend` in bends.ts) and can be changed at any time.
 *
 * ```ts
 * const bent = await startBentWebex({ upstream: simulator.url });
 * bent.set(
 *   { call: 'GET /people', nth: 1, headers: { link: null } },            // the first page without Link
 *   { call: 'GET /people', query: { id: null }, list: nothing },         // an empty list with 200
 *   { call: 'PATCH /licenses/users', person, instead: { status: 404 } }, // one user "not found"
 *   { call: 'PATCH /licenses/users', nth: 3, loseAnswer: true },         // done, and nobody knows
 *   { call: 'GET /groups/{groupId}/members', ask: { count: '100' } },    // pages are cut to 100
 * );
 * ```
 *
 * In a world or on a stage: `startWorld({ bend: [] })`, then `world.bent!.set(…)`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  actsOn,
  bendAnswer,
  bendQuery,
  bendText,
  meets,
  type Bend,
  type BentAnswer,
  type BentCall,
} from './bends';

export * from './bends';

export interface BentWebex {
  /** In the place of the simulator's: `http://127.0.0.1:<port>`. */
  url: string;
  /** Replaces all rules; their counts begin at 0. */
  set(...bends: Bend[]): void;
  /** From now on everything passes unchanged. */
  straighten(): void;
  /** What came, in order, and what was answered; `status` 0: no answer. */
  calls: SeenCall[];
  /** How many calls came to this operation: `GET /people`. */
  count(call: string): number;
  close(): Promise<void>;
}

export interface SeenCall extends BentCall {
  status: number;
}

export type Upstream = string | ((call: BentCall) => Partial<BentAnswer>);

interface Rule {
  bend: Bend;
  met: number;
  /** Webex's answers to the calls that it met, for `repeat`. */
  first: BentAnswer | null;
  previous: BentAnswer | null;
}

/** Headers that belong to one connection or to the unbent body. */
const notPassedOn = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** Starts a bent Webex on a free port of the loopback interface. */
export async function startBentWebex(options: {
  upstream: Upstream;
  bend?: readonly Bend[];
}): Promise<BentWebex> {
  let rules: Rule[] = [];
  const calls: SeenCall[] = [];
  const set = (...bends: Bend[]) => {
    rules = bends.map((bend) => ({ bend, met: 0, first: null, previous: null }));
  };
  set(...(options.bend ?? []));
  const server = createServer((request, response) => {
    serve({ upstream: options.upstream, rules, calls }, request, response).catch(() =>
      request.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    set,
    straighten: () => set(),
    calls,
    count: (call) => calls.filter((seen) => meets({ call }, seen)).length,
    close: () => stop(server),
  };
}

async function serve(
  state: { upstream: Upstream; rules: Rule[]; calls: SeenCall[] },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://bent');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call: BentCall = {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/v1(?=\/)/, ''),
    query: new URLSearchParams(url.searchParams),
    text: Buffer.concat(chunks).toString(),
  };
  const acting = state.rules
    .filter(({ bend }) => meets(bend, call))
    .map((rule) => Object.assign(rule, { met: rule.met + 1 }));
  const seen: SeenCall = { ...call, query: new URLSearchParams(call.query), status: 0 };
  state.calls.push(seen);
  const answer = await answerTo({ ...state, rules: acting }, call, { request, url });
  if (answer === null || response.destroyed) {
    request.socket.destroy();
    return;
  }
  seen.status = answer.status;
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
  response.writeHead(answer.status, answer.headers).end(text);
}

/** The bent answer; null: the connection breaks. */
async function answerTo(
  { upstream, rules: met }: { upstream: Upstream; rules: Rule[] },
  call: BentCall,
  from: { request: IncomingMessage; url: URL },
): Promise<BentAnswer | null> {
  const acting = met.filter(({ bend, met: n }) => actsOn(bend, n));
  const bends = acting.map(({ bend }) => bend);
  if (bends.some(({ refuseConnection }) => refuseConnection)) return null;
  for (const { delayMs = 0 } of bends) if (delayMs > 0) await delay(delayMs);
  const instead = bends.find((bend) => bend.instead)?.instead;
  for (const bend of bends) {
    bendQuery(bend, call.query);
    bendText(bend, call);
  }
  let answer = instead ? whole(instead) : await askUpstream(upstream, call, from);
  const repeated = acting.find(({ bend }) => bend.repeat);
  if (repeated) answer = repeated[repeated.bend.repeat ?? 'first'] ?? answer;
  for (const rule of met) {
    rule.first ??= answer;
    rule.previous = answer;
  }
  if (bends.some(({ loseAnswer }) => loseAnswer)) return null;
  return bends.reduce((bent, bend) => bendAnswer(bend, bent), answer);
}

async function askUpstream(
  upstream: Upstream,
  call: BentCall,
  { request, url }: { request: IncomingMessage; url: URL },
): Promise<BentAnswer> {
  if (typeof upstream !== 'string') return whole(upstream(call));
  const query = call.query.toString();
  const headers = Object.entries(request.headers).filter(([name]) => !notPassedOn.has(name));
  const response = await fetch(`${upstream}${url.pathname}${query === '' ? '' : `?${query}`}`, {
    method: call.method,
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(call.text === '' ? {} : { body: call.text }),
  });
  const passed = [...response.headers].filter(([name]) => !notPassedOn.has(name));
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(passed), body: parsed(text) };
}

function whole(answer: Partial<BentAnswer>): BentAnswer {
  const { status = 200, headers = {}, body = {} } = answer;
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
