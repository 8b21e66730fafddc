import type { Desired, DesiredEntry } from '../templates/compose-templates';
import type { Note } from '../model/note';
import type { ChangeTarget, Reason } from '../model/change';
import { grantedReason, ungrantedReason } from '../templates/reasons';

/** What a kind of change wants of one user; deciding by it is the same for all kinds. */
export interface Policy {
  /** What the user should hold. */
  desired: Desired;
  /** Why an entry is added. */
  grant: (entry: DesiredEntry) => Reason;
  /**
   * What becomes of something that is held and not desired, or that stands in the way of something
   * less: a host where attendee is desired, Premium where Standard is (R40a, R41), and a license of
   * which another copy is held (R45).
   */
  ifNotDesired: (target: ChangeTarget) => Treatment;
}

type Remark = Pick<Note, 'code' | 'text' | 'rule'>;

/** Taken, and why; or it stays, and what is said about that; or a rule forbids to take it. */
export type Treatment = { take: Reason } | { keep: Remark } | { block: Remark };

export const preserved: Treatment = {
  keep: { code: 'preserved', text: 'not granted; preserve is on', rule: 'R19' },
};

/** R19: what isn't desired is kept with preserve on and removed with preserve off, whatever its origin (R13a). */
export function templatePolicy(desired: Desired, preserve: boolean): Policy {
  const reason = ungrantedReason('not granted, and preserve is off', 'R19', desired);
  const treatment: Treatment = preserve ? preserved : { take: reason };
  return { desired, grant: grantedReason, ifNotDesired: () => treatment };
}
