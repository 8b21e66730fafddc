/**
 * The words of the product as types. Everything here is data: JSON in, JSON out.
 *
 * Ids are the strings Webex uses (unpadded base64url of a `ciscospark://` URI), opaque to the core
 * except where `webex-id.ts` reads an offer code or a UUID out of one.
 */
import type { CallingProperties, CallingVerdict } from '../licenses/calling';
import type { CsvWish } from '../csv/requested-cells';
import type { Reaction } from '../watch/reaction';

/** The family of an offer. */
export type Service = 'messaging' | 'meetings' | 'calling' | 'contact-center' | 'other';

/** `host` is a license on a site and uses a unit; `attendee` is a site URL and uses none (R34). */
export type AccountType = 'host' | 'attendee';

/** A license of the organization, as `GET /licenses` lists it. */
export interface License {
  id: string;
  /** Offer code from the id, never from the name: `FMS`, `MS`, `EE` … */
  offer: string;
  name: string;
  /** The meeting site, for meeting licenses. */
  site: string | null;
  /** Null for the free licenses, which are never short (R47). */
  subscriptionId: string | null;
  siteType: string | null;
  totalUnits: number;
  /** Users and workspaces together; null where Webex doesn't say. */
  consumedUnits: number | null;
}

/** One thing that a template grants. `accountType` is set exactly where `site` is. */
export interface Entitlement {
  offer: string;
  site?: string;
  accountType?: AccountType;
}

export type TemplateScope = { kind: 'organization' } | { kind: 'group'; groupId: string };

/** One revision of a template, as the core looks at it. */
export interface Template {
  templateId: string;
  scope: TemplateScope;
  name: string;
  revision: number;
  entitlements: Entitlement[];
}

/** How organization and group templates combine (R2, R4, R6). */
export type CompositionMode = 'exclusive' | 'union' | 'group-overrides-organization';

/** What a user holds. Both lists are sorted and free of duplicates. */
export interface Holdings {
  licenses: string[];
  /** Sites where the user is an attendee; null where no read or answer has said. */
  attendeeSites: string[] | null;
}

export type UserKind = 'person' | 'bot' | 'machine' | 'external';

export interface User {
  personId: string;
  email: string;
  displayName: string;
  kind: UserKind;
}

/** Why a user holds a license (R31a). */
export type Provenance =
  | { kind: 'template'; templateId: string; revision: number | null }
  /** Given by somebody, by hand or by CSV. */
  | { kind: 'manual' }
  /** The user was created with it (R20). */
  | { kind: 'explicit' }
  /** It came by itself with the user (R22). */
  | { kind: 'implicit' }
  /** Held before we looked. */
  | { kind: 'unknown' };

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

export type Operation = 'add' | 'remove';

/** What a change is about: a license id, or the attendee account on a site. */
export type ChangeTarget =
  | { kind: 'license'; licenseId: string; offer: string; site: string | null }
  | { kind: 'attendee'; site: string };

/** A template revision that led to something. */
export interface TemplateRef {
  templateId: string;
  revision: number;
  name: string;
}

export type ReasonCode =
  /** A template grants it. */
  | 'granted'
  /** Something that a template grants needs it (R53, R56). */
  | 'required'
  /** No template grants it and preserve is off (R19, R13a). */
  | 'not-granted'
  /** It gives way to a better one: attendee to host, Standard to Premium (R19b). */
  | 'replaced'
  /** A service is being turned off (R58, R59). */
  | 'service-off'
  /** It can't stay without something that is being removed (R54). */
  | 'goes-with'
  /** A row of a CSV says so (R72). */
  | 'csv'
  /** An earlier rollout took it, and it is given again (R81). */
  | 'restored'
  /** A template gave it and doesn't grant it any more (R30, R31). */
  | 'withdrawn'
  /** It is put back, because the other half of a replacement was refused (R40). */
  | 'put-back';

/** Why: a code for programs, one line for people, the rule, and the templates behind it. */
export interface Reason {
  code: ReasonCode;
  text: string;
  rule: string;
  templates: TemplateRef[];
}

/** One add or remove for one user, with one reason. */
export interface Change {
  operation: Operation;
  target: ChangeTarget;
  reason: Reason;
  /** Part of a replacement (R19b): done under preserve too, and outside the removal budget. */
  replacement: boolean;
  /** Set on a host addition to which attendee was granted, too: without a unit, attendee for now (R36). */
  attendeeToo?: true;
  /** Set on the addition of a Calling license (R62). */
  calling?: CallingProperties;
}

export type NoteCode =
  /** Held, not granted, and kept because preserve is on (R19). */
  | 'preserved'
  /** Granted and held already. */
  | 'right-already'
  /** Comes with every user and can't be removed (R57). */
  | 'implicit'
  /** Held but not listed by `GET /licenses`: never touched, and reported (section I). */
  | 'unlisted'
  /** The same offer from a second subscription, kept under preserve (R45). */
  | 'held-twice'
  /** Attendee is granted, but the user is host and preserve is on (R40a). */
  | 'host-kept'
  /** No unit is left for an addition: it waits, with the removals of this user (R46). */
  | 'no-unit'
  /** Waits in a ring of users who need each other's units (R46). */
  | 'ring'
  /** Host was granted too but no unit is left: attendee for now (R36). */
  | 'host-pending'
  /** Not taken, because something that stays needs it (R31b). */
  | 'needed'
  /** The organization has no such license (any more). */
  | 'no-license'
  /** A rule forbids it. */
  | 'forbidden'
  /** Taking it can't be undone, and nobody has acknowledged that (R29b, R68). */
  | 'irreversible'
  /** The user administers the site and can't be attendee there (R39). */
  | 'site-administrator'
  /** Calling needs a number or extension, and the directory has none (R64, R69). */
  | 'no-number'
  /** The number is no E.164 number, is taken, or is provisioned nowhere (R64, R69). */
  | 'bad-number'
  /** Kept, because the template that goes didn't give it (R31a); the text says who did. */
  | 'given-otherwise'
  /** Kept, because it was held before we looked (R31a). */
  | 'unknown-origin'
  /** A file asks for it that was exported before the user's licenses changed (R77). */
  | 'stale';

/** Something worth saying about a user that is not a change. */
export interface Note {
  code: NoteCode;
  text: string;
  rule: string;
  target: ChangeTarget | { kind: 'offer'; offer: string; site: string | null };
}
