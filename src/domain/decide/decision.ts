import type { LicensePosition, PoolIndex } from '../licenses/license-index';
import type { ChangeTarget, Reason } from '../model/change';
import type { Note } from '../model/note';
import type { TemplateRef } from '../model/template';

/** Number of a want in its decision. */
export type WantIndex = number & { readonly numbers?: 'wants' };

interface AnyWant {
  reason: Reason;
  replacement: boolean;
  /** Excludes something that the user loses in the same call: never without all the removals. */
  needsAllRemovals: boolean;
  /** Wants of this decision that have to be added first. */
  needs: WantIndex[];
}

/** A license that a user should get, before units are allocated. */
export interface LicenseWant extends AnyWant {
  kind: 'license';
  poolIndex: PoolIndex;
  offer: string;
  site: string | null;
  /** Without a unit the user waits (R46), or is attendee until one is free (R36). */
  ifNoUnit: 'wait' | 'become-attendee' | 'stay-attendee';
}

/** An attendee account that a user should get; it uses no unit (R34). */
export interface AttendeeWant extends AnyWant {
  kind: 'attendee';
  site: string;
}

export type Want = LicenseWant | AttendeeWant;

/** Something that a user should lose. */
export interface Loss {
  target: ChangeTarget;
  /** Null for an attendee account. */
  position: LicensePosition | null;
  reason: Reason;
  replacement: boolean;
  /** The want that replaces it: the removal is made only together with that want. */
  replacedByWant: WantIndex | null;
  isIrreversible: boolean;
}

/** The difference between desired and actual; the same for all users who hold the same. */
export interface Decision {
  /** Prerequisites first (R61). */
  wants: Want[];
  /** Dependents first (R61). */
  losses: Loss[];
  kept: Note[];
  blocked: Note[];
  /** Something granted can never be added: the removals wait, as they do for a unit (R46). */
  removalsWait: boolean;
  /** The request leaves out the user, or all that would change for them (R103). */
  isExcluded?: true;
  /** Templates that would add again what is turned off (R59a). */
  stillGrantedBy?: readonly TemplateRef[];
}
