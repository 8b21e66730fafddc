import { agree } from './effective-holdings';
import { changeLabel } from './change-label';
import { serviceOf } from './offers';
import type { Change, Holdings, Outcome, PlannedUser } from './model';

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

/** What a write came to, judged by its answer: 200 and 206 alike, since both can lack a half. */
export function judgeWrite({ row, done, refused, unitsLeft }: WriteResult): WriteJudgement {
  if (refused.length === 0) return { outcome: pendingOutcome(row.pending), detail: null };
  const starved = refused.filter((change) => lacksUnit(change, unitsLeft));
  const labels = (changes: readonly Change[]) => changes.map(changeLabel).join(' ');
  if (starved.length > 0 && isExplainedBy(refused, starved)) {
    return { outcome: 'waiting-for-seat', detail: `No unit is left for ${labels(starved)}.` };
  }
  const detail = `Webex did not do ${labels(refused)}.`;
  return { outcome: done.length === 0 ? 'failed' : 'partial', detail };
}

export interface RestorationInput {
  changes: readonly Change[];
  done: readonly Change[];
  refused: readonly Change[];
}

/**
 * R40: where one half of a host/attendee replacement was refused, the changes that put the other
 * half back, so that nobody ends with neither or both; likewise for Contact Center (R19b). Empty
 * where nothing has to be put back.
 */
export function restoration({ changes, done, refused }: RestorationInput): Change[] {
  return refused.flatMap((half) => {
    const isOtherHalf = (other: Change) =>
      other.operation !== half.operation && areHalves(half, other);
    if (!changes.some(isOtherHalf)) return [];
    return done.filter(isOtherHalf).map((other) => putBack(other, half));
  });
}

/** Whether somebody else changed a user since the plan was made; unknown attendee sites don't count. */
export function changedSincePlan({ before, now }: { before: Holdings; now: Holdings }): boolean {
  return !agree(before, now);
}

function pendingOutcome(pending: PlannedUser['pending']): WriteJudgement['outcome'] {
  switch (pending) {
    case null:
      return 'applied';
    case 'seat':
      return 'waiting-for-seat';
    case 'host':
      return 'host-pending';
  }
}

function lacksUnit(change: Change, unitsLeft: WriteResult['unitsLeft']): boolean {
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

/** Host and attendee of one site, or two kinds of Contact Center license. */
function areHalves({ target: one }: Change, { target: other }: Change): boolean {
  if (one.kind !== other.kind) return one.site === other.site;
  if (one.kind === 'attendee' || other.kind === 'attendee' || one.offer === other.offer) {
    return false;
  }
  return isContactCenter(one.offer) && isContactCenter(other.offer);
}

function isContactCenter(offer: string): boolean {
  return serviceOf(offer) === 'contact-center';
}

function putBack(done: Change, refused: Change): Change {
  return {
    operation: done.operation === 'add' ? 'remove' : 'add',
    target: done.target,
    reason: {
      code: 'put-back',
      text: `put back, because ${changeLabel(refused)} was refused`,
      rule: 'R40',
      templates: done.reason.templates,
    },
    replacement: true,
  };
}
