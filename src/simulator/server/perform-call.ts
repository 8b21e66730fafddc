import type { Lie, Struck } from '../state/faults';
import type { LoggedWrite } from '../state/write-log';
import { ApiError } from './api-error';
import type { Answer, Call, Route } from './route';
import { errorReply, type Reply } from './send-answer';

export interface Performance {
  /** Null: the connection is reset instead. */
  reply: Reply | null;
  /** The line in the log of writes. */
  entry: LoggedWrite | null;
}

/** Does the work of one call with its faults; a write and its line in the log are recorded together. */
export function performCall(options: {
  route: Route;
  call: Call;
  struck: Struck;
  isWrite: boolean;
  persons: readonly string[];
  trackingId: string;
  arrivedAt: number;
}): Performance {
  const { route, call, struck, isWrite, trackingId } = options;
  const { simulator } = call;
  const answer = struck.before ? null : answerOf(route, call, trackingId);
  const lie = struck.before ?? struck.after;
  if (!isWrite) return { reply: replyOf(answer, lie, route, trackingId), entry: null };

  const personId = answer?.personId ?? options.persons[0] ?? null;
  const before = truthOf(call, personId);
  const effects = answer?.effects ?? [];
  const entry = simulator.write(effects, (seq) => ({
    seq,
    operation: route.operation,
    method: route.method,
    path: call.path,
    arrivedAt: options.arrivedAt,
    completedAt: simulator.clock.wall(),
    answeredAt: null,
    token: call.token?.name ?? '',
    trackingId,
    personId,
    body: call.body,
    before,
    after: truthOf(call, personId),
    statusDone: answer?.status ?? null,
    statusTold: lie === 'reset' ? null : (lie?.status ?? answer?.status ?? null),
    faults: struck.names,
    isEffective: effects.length > 0,
  }));
  return { reply: replyOf(answer, lie, route, trackingId), entry };
}

function answerOf(route: Route, call: Call, trackingId: string): Answer {
  try {
    return route.handle(call);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorReply(error, trackingId, route.isScim ?? false);
  }
}

function replyOf(
  answer: Answer | null,
  lie: Lie | null,
  route: Route,
  trackingId: string,
): Reply | null {
  if (lie === 'reset') return null;
  if (lie) {
    const headers: Record<string, string> =
      lie.retryAfterSeconds === null ? {} : { 'Retry-After': String(lie.retryAfterSeconds) };
    const text =
      lie.status === 423
        ? 'The requested resource is temporarily unavailable.'
        : 'Something went wrong on the server.';
    return errorReply(
      new ApiError(lie.status, text, undefined, headers),
      trackingId,
      route.isScim ?? false,
    );
  }
  if (!answer) return null;
  const { status, headers = {} } = answer;
  return { status, headers, body: answer.bodyAfter ? answer.bodyAfter() : answer.body };
}

function truthOf(call: Call, personId: string | null): LoggedWrite['before'] {
  const { people } = call.simulator.organization;
  const row = personId === null ? undefined : people.rowOf(personId);
  if (row === undefined) return null;
  const { holding, exists } = people.truth(row);
  return { holding, exists };
}
