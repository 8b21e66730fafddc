/**
 * A workflow knows its phase, its pause and its soak time. What else it waits for is in the database, and is
 * told to it, so that Temporal shows the same line as the API. Each telling adds events to its history.
 */

/** So many tellings take a week, if something new is to be told all the time. */
export const mostTellings = 200;
/** Events that a telling adds, at most; measured on a server. */
export const eventsPerTelling = 5;
const firstPauseMs = 5_000;

/** What a rollout waits for, as people read it and as its workflow knows it. */
export interface Waits {
  phaseVersion: number;
  text: string | null;
  /** What its workflow says by itself. */
  own: string | null;
}

/** What was told last. */
export interface Telling extends Waits {
  times: number;
  /** By the database's clock; ISO. */
  at: string;
}

/**
 * What to tell now; null: nothing. A `text` of null ends what was told before: what the workflow says by
 * itself is all. So does the last one, after which nothing is told any more.
 */
export function nextTelling(before: Telling | null, now: Waits, nowMs: number): Telling | null {
  const { times, at } = before ?? { times: 0, at: null };
  if (times >= mostTellings) return null;
  if (at !== null && nowMs < Date.parse(at) + pauseMs(times)) return null;
  const isLast = times === mostTellings - 1;
  const text = now.text === now.own || isLast ? null : now.text;
  if (!isNews(before, { ...now, text })) return null;
  return { ...now, text, times: times + 1, at: new Date(nowMs).toISOString() };
}

/** A workflow that has moved on has forgotten what it was told before. */
function isNews(before: Telling | null, now: Waits): boolean {
  if (now.text !== (before?.text ?? null)) return true;
  const isSame = before?.phaseVersion === now.phaseVersion && before.own === now.own;
  return now.text !== null && !isSame;
}

function pauseMs(times: number): number {
  return firstPauseMs * (1 + times / 5) ** 2;
}
