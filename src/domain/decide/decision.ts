import type { Note } from '../model/note';
import type { ChangeTarget, Reason } from '../model/change';

/** A license or attendee account that a user should get, before units are given out. */
export interface Want {
  /** Pool of the license index; null for an attendee account. */
  pool: number | null;
  offer: string;
  site: string | null;
  reason: Reason;
  replacement: boolean;
  /**
   * Without a unit the user waits (R46), or is attendee meanwhile (R36): made one now, or left one.
   */
  ifNoUnit: 'wait' | 'become-attendee' | 'stay-attendee';
  /** Excludes something that the user loses in the same call: never without all the losses. */
  needsAllRemovals: boolean;
  /** Wants of this decision without which it can't be had. */
  needs: number[];
}

/** Something that a user should lose. */
export interface Loss {
  target: ChangeTarget;
  /** Position in the license index; null for an attendee account. */
  position: number | null;
  reason: Reason;
  replacement: boolean;
  /** The want that takes its place: it goes exactly when that one is given. */
  replacedByWant: number | null;
  isIrreversible: boolean;
}

/** What the templates and a user's holdings come to, the same for everybody who holds the same. */
export interface Decision {
  /** Prerequisites first (R61). */
  wants: Want[];
  /** Dependents first (R61). */
  losses: Loss[];
  kept: Note[];
  blocked: Note[];
  /** Something granted can't be had for good: the losses wait, as they do for a unit (R46). */
  removalsWait: boolean;
}
