import { counted } from '../model/wording';

/** The users whom a rollout has yet to write, decided again (R101). */
export interface PlanAge {
  left: number;
  /** Users about whom today's decision differs from the stored one. */
  differing: number;
  /** What has changed since planning, one sentence each. */
  changed: readonly string[];
  /** Why the request can't be planned any more; null if it can. */
  impossible: string | null;
}

const toleratedUsers = 5;
const toleratedPercent = 10;

/** R101: why the next wave doesn't begin; null if it may. */
export function staleness(age: PlanAge): string | null {
  const { left, differing, changed, impossible } = age;
  if (impossible !== null && left > 0) return `The plan is out of date: ${impossible}.`;
  if (!isTooMany(differing, left)) return null;
  const would = `${differing} of ${counted(left, 'user')} who are left would be decided differently today`;
  const why = changed.length === 0 ? '' : ` Since planning: ${changed.join(' ')}`;
  return `The plan is out of date: ${would}.${why} Plan it again.`;
}

/** More than 10 % and more than 5 of those left. */
function isTooMany(differing: number, left: number): boolean {
  return differing > toleratedUsers && differing * 100 > left * toleratedPercent;
}
