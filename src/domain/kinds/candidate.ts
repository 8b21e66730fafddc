import type { CsvWish } from '../csv/requested-cells';
import type { CallingVerdict } from '../licenses/calling';
import type { Change, ChangeTarget } from '../model/change';
import type { Holdings, Provenance, User } from '../model/user';
import type { Reaction } from '../watch/reaction';

/** What planning knows of every user: what they are believed to hold (R80a) and where they belong. */
export interface KnownUser extends User {
  /** All addresses, as `normalizedAddress` makes them; absent where `email` is the only one. */
  addresses?: readonly string[];
  holdings: Holdings;
  /** Groups that hold a template or that the change names, and that have this user as a direct member (R10). */
  groupIds: string[];
  /** Of these, groups of which the last reads don't show that the user still belongs to them (R88); absent: none. */
  doubtfulGroupIds?: readonly string[];
  /** The request names this user for the pilot, directly or by a pilot group. */
  inPilot: boolean;
  /** The request leaves this user out, directly or by a group (R103). */
  isLeftOut?: boolean;
  /** Changes for which the user waits since earlier rollouts (R107); absent: none. */
  waits?: readonly Change[];
  /** What was turned off for the user and not added since, as `grantKey` names it (R104). */
  turnedOff?: readonly string[];
  /** Created with a license of their own and not included since: no organization template (R20). */
  isExplicit: boolean;
  /** By license id or `attendee:<site>`, for everything held; empty unless the change needs it. */
  provenance: Readonly<Record<string, Provenance>>;
  /** Absent where nothing can add Calling: then the directory isn't asked. */
  calling?: CallingVerdict;
}

/** A user as planning sees them, with the facts of the kind of change about this user. */
export type Candidate = KnownUser &
  (
    | { from: 'templates' }
    /** A row of the file (R71). */
    | { from: 'csv'; wish: CsvWish }
    /** What the watch found, and changes that waited for a unit and can be made now (R46). */
    | { from: 'reconcile'; reaction: Reaction; waiting: Change[] }
    /** What the earlier rollout removed (R81). */
    | { from: 'restore-services'; taken: ChangeTarget[] }
  );
