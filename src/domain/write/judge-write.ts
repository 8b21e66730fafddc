import { changePhrase, targetLabel } from '../licenses/change-label';
import { agree } from './believed-holdings';
import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import type { PlannedUser } from '../plan/planned-user';
import type { Outcome } from '../model/outcome';

export interface WriteJudgement {
  outcome: Extract<Outcome, 'applied' | 'partial' | 'waiting-for-seat' | 'host-pending' | 'failed'>;
  /** One line where not everything was done; null otherwise. */
  detail: string | null;
}

export interface WriteResult {
  row: Pick<PlannedUser, 'pending'>;
  /** Changes that the answer shows as done, and those that it doesn't. */
  done: readonly Change[];
  refused: readonly Change[];
  /** Units left by license id as far as they are known; null is a license that is never short. */
  unitsLeft: Readonly<Record<string, number | null>>;
}

/** The outcome of a write by its answer. A 200 is judged like a 206: both can lack a part. */
export function judgeWrite({ row, done, refused, unitsLeft }: WriteResult): WriteJudgement {
  if (refused.length === 0) return { outcome: pendingOutcome(row.pending), detail: null };
  const starved = refused.filter((change) => lacksUnit(change, unitsLeft));
  if (starved.length > 0 && isExplainedBy(refused, starved)) return judgeStarved(row, starved);
  const detail = `Webex did not ${refused.map(changePhrase).join(' or ')}.`;
  return { outcome: done.length === 0 ? 'failed' : 'partial', detail };
}

/** R46, R36: a unit that was left at planning isn't left any more. */
function judgeStarved(row: WriteResult['row'], starved: readonly Change[]): WriteJudgement {
  const names = starved.map(({ target }) => targetLabel(target));
  const detail = `No unit is left for ${names.join(' or ')}.`;
  const isHostPending =
    row.pending !== 'unit' && starved.every(({ attendeeFallback }) => attendeeFallback);
  return isHostPending
    ? { outcome: 'host-pending', detail: `${detail} The user is attendee for now.` }
    : { outcome: 'waiting-for-seat', detail };
}

/** Whether a user was changed since planning; unknown attendee sites don't count. */
export function changedSincePlan({ before, now }: { before: Holdings; now: Holdings }): boolean {
  return !agree(before, now);
}

function pendingOutcome(pending: PlannedUser['pending']): WriteJudgement['outcome'] {
  switch (pending) {
    case null:
      return 'applied';
    case 'unit':
      return 'waiting-for-seat';
    case 'host':
      return 'host-pending';
  }
}

/** An addition for which no unit is left. */
export function lacksUnit(change: Change, unitsLeft: WriteResult['unitsLeft']): boolean {
  if (change.operation !== 'add' || change.target.kind !== 'license') return false;
  const left = unitsLeft[change.target.licenseId];
  return left !== undefined && left !== null && left <= 0;
}

/** Everything refused is an addition without a unit, or the other half of one. */
function isExplainedBy(refused: readonly Change[], starved: readonly Change[]): boolean {
  const sites = new Set(starved.map((change) => change.target.site));
  return refused.every(
    (change) =>
      starved.includes(change) ||
      (change.replacement && change.operation === 'remove' && sites.has(change.target.site)),
  );
}
