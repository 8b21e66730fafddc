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
   * What becomes of something that is held and not desired, or that is better than what is desired:
   * host where attendee is, Premium where Standard is (R40a, R41). Also asked about the second copy of
   * a license (R45).
   */
  ifNotDesired: (target: ChangeTarget) => Treatment;
}

/** The note on something that is not removed. */
export type Remark = Pick<Note, 'code' | 'text' | 'rule'>;

/** It is removed, and why; or kept, with a remark; or a rule forbids to remove it. */
export type Treatment = { take: Reason } | { keep: Remark } | { block: Remark };

export const preserved: Treatment = {
  keep: { code: 'preserved', text: 'not granted, and preserve is on', rule: 'R19' },
};

/** R19: what isn't desired is kept with preserve on and removed with preserve off, whatever its origin (R13a). */
export function templatePolicy(desired: Desired, preserve: boolean): Policy {
  const reason = ungrantedReason('not granted, and preserve is off', 'R19', desired);
  const treatment: Treatment = preserve ? preserved : { take: reason };
  return { desired, grant: grantedReason, ifNotDesired: () => treatment };
}
