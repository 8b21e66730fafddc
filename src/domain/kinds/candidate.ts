import type { CsvWish } from '../csv/requested-cells';
import type { CallingVerdict } from '../licenses/calling';
import type { Change, ChangeTarget } from '../model/change';
import type { User, Holdings, Provenance } from '../model/user';
import type { Reaction } from '../watch/reaction';

/** A user as planning sees one: what they are believed to hold (R80a) and where they belong. */
export interface Candidate extends User {
  holdings: Holdings;
  /**
   * Groups that hold a template, or that the request names (`change.from.groups`), and have this
   * user as a direct member (R10).
   */
  groupIds: string[];
  /** Named for the pilot by the request, directly or through a pilot group. */
  inPilot: boolean;
  /** Created with a license of their own and not included since: no organization template (R20). */
  isExplicit?: boolean;
  /** By license id or `attendee:<site>`, for what is held; read only where the change asks for it. */
  provenance?: Readonly<Record<string, Provenance>>;
  /** What the watch found; only in a rollout of kind `reconcile`. */
  reaction?: Reaction;
  /** What a rollout had withheld from this user; only where the reaction is `waiting` (R46). */
  waiting?: { changes: Change[] };
  /** What the file asks for; only in a rollout of kind `csv`. */
  csv?: CsvWish;
  /** What an earlier rollout took; only in a rollout of kind `restore-services` (R81). */
  taken?: ChangeTarget[];
  /** Absent: the directory wasn't asked, because nothing grants Calling. */
  calling?: CallingVerdict;
}
