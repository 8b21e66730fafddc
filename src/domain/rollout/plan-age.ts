import { counted } from '../model/text/wording';

/** The users whom a rollout has yet to write, decided again (R101). */
export interface PlanAge {
  left: number;
  /** Users about whom today's decision differs from the stored one. */
  differing: number;
  /** What has changed since planning, one sentence each. */
  changed: readonly string[];
  /** Lists that aren't believed, because of which nothing is taken (R88), one sentence each. */
  doubts: readonly string[];
  /** Why the request can't be planned any more; null if it can. */
  impossible: string | null;
}

const toleratedUsers = 5;
const toleratedPercent = 10;

const settleDoubts =
  'What the plan removes waits until two checks agree about that or an administrator accepts the list, or plan it again.';

/** R101: why the next wave doesn't begin; null if it may. */
export function staleness(age: PlanAge): string | null {
  const { left, differing, changed, doubts, impossible } = age;
  if (impossible !== null && left > 0) return `The plan is out of date: ${impossible}.`;
  if (!isTooMany(differing, left)) return null;
  const would = `${differing} of ${counted(left, 'user')} who are left would be decided differently today`;
  const why = changed.length === 0 ? '' : ` Since planning: ${changed.join(' ')}`;
  if (doubts.length === 0) return `The plan is out of date: ${would}.${why} Plan it again.`;
  return `The plan is out of date: ${would}.${why} ${doubts.join(' ')} ${settleDoubts}`;
}

/** More than 10 % and more than 5 of those left. */
function isTooMany(differing: number, left: number): boolean {
  return differing > toleratedUsers && differing * 100 > left * toleratedPercent;
}
