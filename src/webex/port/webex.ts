/** The port to Webex, which `createWebex` implements. Wire shapes stay inside this folder. */
import type { CallingRecord } from '../../domain/licenses/calling';
import type { Change } from '../../domain/model/change';
import type { Holdings, User } from '../../domain/model/user';
import type { License } from '../../domain/model/license';

export interface WebexUser extends User {
  /** All e-mail addresses, as Webex shows them; the first one is `email`. */
  addresses: string[];
  /** What this read showed; `attendeeSites` is null if it had no `siteUrls`. */
  holdings: Holdings;
  status: string | null;
  /** Null: Webex doesn't show it. */
  invitePending: boolean | null;
  /** False: deactivated; null: Webex doesn't show it. */
  loginEnabled: boolean | null;
  createdAt: Date | null;
  /** Null: this read didn't ask for it (`callingData`). */
  calling: CallingRecord | null;
}

/** A phone number of the organization (R63). */
export interface WebexNumber {
  /** E.164 with its leading `+`. */
  number: string;
  locationId: string | null;
  /** Id of the person, workspace or other owner; null: not assigned. */
  ownerId: string | null;
  state: string | null;
}

export interface WebexGroup {
  groupId: string;
  displayName: string;
  memberSize: number | null;
  /** A location group: its UUID is a location's, or SCIM shows this usage (R13). */
  isLocation: boolean;
  /** Origin and usage from SCIM; null if the token may not read SCIM (R12). */
  source: string | null;
  usage: string | null;
}

export interface WebexMember {
  memberId: string;
  /** `user`, `machine`, `group` …, as Webex writes it. */
  type: string;
}

/** The answer to one write, compared with its request. */
export interface WriteAnswer {
  status: 200 | 206;
  trackingId: string | null;
  /** Everything that the user holds now, according to the answer. */
  holdings: { licenses: string[]; attendeeSites: string[] };
  /** Changes that the answer shows as done. */
  done: Change[];
  /** Changes that the answer doesn't show: missing additions, and removals that are still there. */
  refused: Change[];
  /** Details of failures, if Webex sent any: one line each. */
  details: string[];
}

/** The owner of the token, its organization and its scopes. */
export interface CredentialReport {
  orgId: string;
  organizationName: string;
  /** E-mail or display name; null for service apps, which have no `people/me`. */
  tokenOwner: string | null;
  /** Scopes that Seatwise needs: granted or found to work, missing, or unknown. */
  scopes: { present: string[]; missing: string[]; unknown: string[] };
  accessExpiresAt: Date | null;
  refreshExpiresAt: Date | null;
  readOnly: boolean;
}

export interface ReadOptions {
  signal?: AbortSignal;
  /** Called after every page and before every wait, with the users read so far: for heartbeats. */
  onPage?: (read: number) => void;
  /** Reads of people: includes what Calling needs. Pages then have at most 100 users. */
  callingData?: boolean;
  /** Called with the time that Webex gives with each answer (`Date`), in whole seconds. */
  onDate?: (date: Date) => void;
  /** Called once per list, after its last page: how it was proved complete (R87). */
  onProof?: (proof: Proof) => void;
  /** An administrator has accepted that the list shows this many, whatever Webex promises. */
  acceptShown?: number | null;
}

export type ListName =
  | 'people'
  | 'groups'
  | 'group origins'
  | 'members'
  | 'license holders'
  | 'licenses'
  | 'changed users'
  | 'locations'
  | 'numbers';

/**
 * How a list was proved complete (R87).
 *
 * | proof    | because                                                                            |
 * |----------|------------------------------------------------------------------------------------|
 * | total    | as many different ids were shown as Webex promises                                 |
 * | end      | nothing follows: an empty page, or a last page that isn't full and links no further |
 * | reread   | the last page is full or empty and was read again: only a comparison can tell (R88) |
 * | accepted | an administrator has accepted this number                                          |
 */
export interface Proof {
  list: ListName;
  proof: 'total' | 'end' | 'reread' | 'accepted';
  /** How many Webex promises; null: it says nothing. */
  promised: number | null;
  /** Different ids that were shown. */
  shown: number;
}

export interface PeopleRead {
  users: WebexUser[];
  /** Ids that were asked for and don't exist any more: Webex said so. */
  notFound: string[];
  /** Ids that were asked for, several times, without an answer: nothing is known about them. */
  unanswered?: string[];
}

/** How many people the organization promises, and what says so; null: nothing that can be read. */
export interface PromisedPeople {
  people: number | null;
  source: 'scim' | 'free-licenses' | null;
}

/** A user whose entry in the directory was created or changed in any way. */
export interface ChangedUser {
  personId: string;
  lastModified: Date;
  /** Whether the user may sign in; absent if Webex doesn't show it. */
  active?: boolean;
}

export interface Webex {
  /**
   * All licenses, by id (`GET /licenses`). Like all reads it is repeated for a limited time, then throws;
   * like all lists it throws `incomplete` if it can't be proved complete (R87).
   */
  listLicenses(options?: ReadOptions): Promise<License[]>;
  /**
   * All groups, without members, by id (`GET /groups`). Location groups are marked if locations or SCIM
   * can be read, and origins are filled in if SCIM can be read. Throws `incomplete`.
   */
  listGroups(options?: ReadOptions): Promise<WebexGroup[]>;
  /**
   * All direct members of a group (`GET /groups/{id}/members`), each once. Throws `incomplete` if there are
   * fewer than the list itself says, or than the group says (`promised`, and what `GET /groups/{id}`
   * says by now: it is asked where the list is shorter, and in a second read); `not-found` if the group
   * doesn't exist. Nothing is shown before all is proved.
   */
  listMembers(
    groupId: string,
    options?: ReadOptions & { promised?: number | null; isSecondRead?: boolean },
  ): AsyncIterable<WebexMember[]>;
  /**
   * All users of the organization, page by page (`GET /people`). A list that has to be read again begins
   * anew: then users are shown twice. Throws `incomplete` after the pages that were shown.
   */
  listPeople(options?: ReadOptions): AsyncIterable<PeopleRead>;
  /** By number (`GET /telephony/config/numbers`); null if the token may not read them or there is no Calling. */
  listNumbers(options?: ReadOptions): Promise<WebexNumber[] | null>;
  /**
   * Users created or changed at `since` or later, newest first, page by page (SCIM `GET Users`). Deleted
   * users don't show. Throws `forbidden` without the scope, and `incomplete` if Webex doesn't sort, or
   * the list ends before it should.
   */
  listChangedUsers(since: Date, options?: ReadOptions): AsyncIterable<{ changed: ChangedUser[] }>;
  /**
   * These users, with as few calls as possible: in batches of 85 ids, or from the pages of all people if
   * `population` (users in the organization) makes that cheaper. Who is neither shown nor named as not
   * found is asked for again, also alone; after that they are `unanswered`, never `notFound`.
   */
  readPeople(
    personIds: readonly string[],
    population: number,
    options?: ReadOptions,
  ): AsyncIterable<PeopleRead>;
  /**
   * How many people the organization has, to compare a first read with (R87): SCIM's total, else the
   * units of the free licenses.
   */
  promisedPeople(licenses: readonly License[], options?: ReadOptions): Promise<PromisedPeople>;
  /**
   * One `PATCH /licenses/users`. It is never repeated here: that is the caller's decision. Its answer is
   * also the only source of attendee accounts that no read shows.
   */
  writeUser(
    personId: string,
    changes: readonly Change[],
    options?: { signal?: AbortSignal },
  ): Promise<WriteAnswer>;
  /** Whether the credential can still read: one `GET /licenses`, never repeated; 401 and 403 say no. */
  canRead(options?: { signal?: AbortSignal }): Promise<boolean>;
  /** Throws `unavailable` where the token opens another organization than at first. */
  expectSameOrganization(options?: ReadOptions): Promise<void>;
  /** The check at start. Throws `forbidden` if the token belongs to no organization. */
  checkCredential(options?: ReadOptions): Promise<CredentialReport>;
}

export type WebexErrorKind =
  /** 429: the organization must wait. */
  | 'throttled'
  /** 423: what was asked for is locked for now; nothing else is. */
  | 'locked'
  | 'unavailable'
  | 'forbidden'
  | 'not-found'
  | 'rejected'
  | 'contract'
  | 'incomplete'
  | 'read-only'
  | 'aborted';

/** The error of this folder. Its message is one line and never contains a token or a body. */
export class WebexError extends Error {
  override readonly name = 'WebexError';
  constructor(
    readonly kind: WebexErrorKind,
    message: string,
    readonly context: {
      operation: string;
      status?: number;
      /** Webex's own error codes. */
      codes?: number[];
      trackingId?: string | null;
      /** How long the organization must wait, if Webex asked for it. */
      retryAfterMs?: number;
      /** The write may have been done although it failed for the caller. */
      outcomeUnknown?: boolean;
      /** For `incomplete`: which list, and both figures. */
      came?: { list: ListName; shown: number; promised: number | null };
      cause?: unknown;
    },
  ) {
    super(message, { cause: context.cause });
  }
  /** Whether trying again can help; decided only here. */
  get retryable(): boolean {
    return ['throttled', 'locked', 'unavailable', 'incomplete'].includes(this.kind);
  }
}
