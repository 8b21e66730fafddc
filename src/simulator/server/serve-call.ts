import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../state/simulator';
import type { Token } from '../state/tokens';
import { ApiError } from './api-error';
import { authenticate } from './authenticate';
import { personsOf } from './persons-of';
import { performCall } from './perform-call';
import { checkOrganizationAsked } from './organization-asked';
import { checkContentType, parseBody, readBody } from './read-body';
import { shareIds } from './share-ids';
import { isWriting, type Call, type Route } from './route';
import type { Match } from './router';
import { errorReply, sendAnswer } from './send-answer';

interface Context {
  simulator: Simulator;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  trackingId: string;
  startedAt: number;
  arrivedAt: number;
}

/** Serves one call of the Webex API: routing, token, rate limit, faults, work, log, answer. */
export async function serveCall(
  simulator: Simulator,
  match: Match<Route>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = request.headers.trackingid;
  const context: Context = {
    simulator,
    request,
    response,
    url,
    trackingId: typeof given === 'string' && given !== '' ? given : `ROUTERGW_${randomUUID()}`,
    startedAt: performance.now(),
    arrivedAt: simulator.clock.wall(),
  };
  if (match.kind !== 'route') {
    await refuse(context, null, noRoute(match, request.method ?? '', url));
    return;
  }
  const { route, params } = match;
  response.setHeader('X-Normalized-Path', route.path);
  try {
    const call = await readCall(context, route, params);
    await work(context, route, call, isWriting(route));
  } catch (error) {
    await refuse(context, route, error);
  }
}

/** Checks token and rate limit, then reads the body. Throws the ApiError of the first that fails. */
async function readCall(
  { simulator, request, url }: Context,
  route: Route,
  params: Record<string, string>,
): Promise<Call> {
  const { headers } = request;
  const token = authenticate(simulator, route, headers);
  checkThrottle(simulator, token, isWriting(route));
  checkOrganizationAsked(simulator, url);
  const text = route.method === 'GET' ? '' : await readBody(request);
  const contentType = headers['content-type'] ?? '';
  if (route.isToken !== true) checkContentType(text, contentType);
  return {
    simulator,
    params,
    query: url.searchParams,
    headers,
    origin: `http://${headers.host ?? url.host}`,
    path: url.pathname,
    body: shareIds(simulator.organization, parseBody(text, contentType)),
    token,
    replica: simulator.propagation.pickReplica(),
    now: simulator.clock.now(),
    distortion: null,
  };
}

function checkThrottle(
  { throttle, clock }: Simulator,
  token: Token | null,
  isWrite: boolean,
): void {
  const wait = throttle.refuse(token?.value ?? '', isWrite, clock.now());
  if (wait === null) return;
  throw new ApiError(429, 'Too many requests.', undefined, { 'Retry-After': String(wait) });
}

async function work(context: Context, route: Route, call: Call, isWrite: boolean): Promise<void> {
  const { simulator, request, response, trackingId, arrivedAt } = context;
  const persons = isWrite || route.path.includes('{personId}') ? personsOf(call) : [];
  const struck = simulator.faults.draw({ isWrite, persons });
  const { latencyMs } = simulator.settings;
  if (latencyMs > 0) await sleep(latencyMs / 2);
  const current = { ...call, now: simulator.clock.now(), distortion: struck.distortion };
  const { reply, entry } = performCall({
    route,
    call: current,
    struck,
    isWrite,
    persons,
    trackingId,
    arrivedAt,
  });
  const lateMs = latencyMs / 2 + struck.slowMs;
  if (lateMs > 0) await sleep(lateMs);
  simulator.counters.count(route.operation, isWrite, reply?.status ?? 'reset');
  if (reply === null) {
    request.socket.resetAndDestroy();
    return;
  }
  const arrived = await sendAnswer(request, response, reply, context);
  if (entry && arrived) entry.answeredAt = simulator.clock.wall();
}

/** Answers calls that can't be carried out: unknown routes, bad tokens, rate limits, bad bodies. */
async function refuse(context: Context, route: Route | null, error: unknown): Promise<void> {
  const { simulator, request, response, trackingId } = context;
  if (response.destroyed) return;
  const known =
    error instanceof ApiError ? error : new ApiError(500, 'Something went wrong on the server.');
  const isScim = context.url.pathname.startsWith('/identity/scim/');
  const reply = errorReply(known, trackingId, isScim);
  const isWrite = route !== null && isWriting(route);
  simulator.counters.count(route?.operation ?? 'unknown', isWrite, reply.status);
  if (known !== error) simulator.logger.error({ err: error, trackingId }, 'The simulator failed');
  await sendAnswer(request, response, reply, context);
}

function noRoute(match: Match<Route>, method: string, url: URL): ApiError {
  if (match.kind === 'wrong-method') {
    const text = `The requested resource only allows certain HTTP request methods. '${method}' is not supported.`;
    return new ApiError(405, text, undefined, { Allow: match.allowed.join(', ') });
  }
  const path = url.pathname.replace(/^\//, '');
  return new ApiError(404, `No static resource ${path.startsWith('v1/') ? 'hydra/' : ''}${path}.`);
}
