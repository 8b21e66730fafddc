import type { FeatureTotal } from '../features/features';
import type { NoteCode } from '../model/note';
import type { PlannedUser } from './planned-user';
import type { PlanWarning } from '../model/warning';

/** A run of rows that may be written side by side. */
export interface PlanStep {
  step: number;
  fromSeq: number;
  toSeq: number;
  /** Set where several steps share the range, one after another: the last of them. */
  lastStep?: number;
}

/** One wave of the stored plan; wave 0 is the pilot. */
export interface PlanWave {
  wave: number;
  users: number;
  soakSeconds: number;
  steps: PlanStep[];
}

/** Units of one license now, and when the plan has been carried out. */
export interface UnitForecast {
  licenseId: string;
  offer: string;
  site: string | null;
  name: string;
  /** Null: never short (R47). */
  unitsLeft: number | null;
  taken: number;
  freed: number;
  unitsLeftAfter: number | null;
  /** Users who wait for a unit of this offer. */
  waiting: number;
}

/** How often one change is made. */
export interface ChangeTotal {
  operation: 'add' | 'remove';
  /** For attendee accounts `offer` is `attendee`. */
  offer: string;
  site: string | null;
  users: number;
}

/** Users who lose Calling permanently (R68). */
export interface IrreversibleRemovals {
  users: number;
  /** E-mail addresses of at most 100 of them. */
  named: string[];
}

/** Users for whom something granted can't be added, by cause. */
export interface BlockedTotal {
  code: NoteCode;
  users: number;
}

/** Everything about a plan but its rows. */
export interface PlanSummary {
  usersInScope: number;
  /** Rows by their outcome at planning. */
  planned: number;
  unchanged: number;
  blocked: number;
  waitingForSeat: number;
  hostPending: number;
  /** Users whom the request leaves out (R103); absent in plans of 0.1.0. */
  excluded?: number;
  additions: number;
  removals: number;
  /** Removals that are half of a replacement (R19b), contained in `removals`. */
  replacements: number;
  /** Users who lose a license other than by replacement. */
  usersLosing: number;
  /** Users who lose or gain a feature. Webex doesn't inform them (R82). */
  usersToInform: number;
  totals: ChangeTotal[];
  /** Only features that change for at least one user. */
  features: FeatureTotal[];
  /** Causes other than units, each user once for each (R69). */
  blockedBy: BlockedTotal[];
  units: UnitForecast[];
  waves: PlanWave[];
  /** Removals of Webex Calling that destroy number, extension and voicemail (R68). */
  irreversibleRemovals: IrreversibleRemovals;
  /** Rings of users who need each other's units, as persons' ids (R46); at most 100 are listed. */
  rings: string[][];
  warnings: PlanWarning[];
}

/** The stored row of a plan, as the renderer needs it. */
export type PlanRow = Pick<
  PlannedUser,
  'seq' | 'email' | 'displayName' | 'wave' | 'changes' | 'kept' | 'blocked' | 'waiting' | 'outcome'
>;
