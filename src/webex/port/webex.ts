/**
 * The port to Webex for the rest of the product; `createWebex` (create-webex.ts) implements it. Its
 * types are those of `domain/model`; wire shapes stay inside this folder.
 */
import type { CallingRecord } from '../../domain/licenses/calling';
import type { Change } from '../../domain/model/change';
import type { Holdings, User } from '../../domain/model/user';
import type { License } from '../../domain/model/license';

export interface WebexUser extends User {
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
}

export interface PeopleRead {
  users: WebexUser[];
  /** Ids that were asked for and don't exist any more. */
  notFound: string[];
}

/** A user whose entry in the directory was created or changed in any way. */
export interface ChangedUser {
  personId: string;
  lastModified: Date;
  /** Whether the user may sign in; absent if Webex doesn't show it. */
  active?: boolean;
}

export interface Webex {
  /** All licenses, by id (`GET /licenses`). Like all reads it is repeated for a limited time, then throws. */
  listLicenses(options?: ReadOptions): Promise<License[]>;
  /**
   * All groups, without members, by id (`GET /groups`). Location groups are marked if locations or SCIM
   * can be read, and origins are filled in if SCIM can be read. Throws `incomplete`.
   */
  listGroups(options?: ReadOptions): Promise<WebexGroup[]>;
  /**
   * All direct members of a group, page by page (`GET /groups/{id}/members`). Throws `incomplete` if there
   * are fewer than `memberSize`, or than `promised` if the answer has no `memberSize`; `not-found` if
   * the group doesn't exist.
   */
  listMembers(
    groupId: string,
    options?: ReadOptions & { promised?: number | null },
  ): AsyncIterable<WebexMember[]>;
  /** All users of the organization, page by page (`GET /people`). */
  listPeople(options?: ReadOptions): AsyncIterable<PeopleRead>;
  /**
   * All phone numbers of the organization, by number (`GET /telephony/config/numbers`); null if the token
   * may not read them or the organization has no Calling.
   */
  listNumbers(options?: ReadOptions): Promise<WebexNumber[] | null>;
  /**
   * Users created or changed at `since` or later, newest first, page by page (SCIM `GET Users`). Deleted
   * users don't show. Throws `forbidden` without the scope, and `contract` if Webex doesn't sort.
   */
  listChangedUsers(since: Date, options?: ReadOptions): AsyncIterable<{ changed: ChangedUser[] }>;
  /**
   * These users, with as few calls as possible: in batches of 85 ids, or from the pages of all people if
   * `population` (users in the organization) makes that cheaper.
   */
  readPeople(
    personIds: readonly string[],
    population: number,
    options?: ReadOptions,
  ): AsyncIterable<PeopleRead>;
  /**
   * One `PATCH /licenses/users`. It is never repeated here: that is the caller's decision. Its answer is
   * also the only source of attendee accounts that no read shows.
   */
  writeUser(
    personId: string,
    changes: readonly Change[],
    options?: { signal?: AbortSignal },
  ): Promise<WriteAnswer>;
  /** The check at start. Throws `forbidden` if the token belongs to no organization. */
  checkCredential(options?: ReadOptions): Promise<CredentialReport>;
}

export type WebexErrorKind =
  | 'throttled'
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
      /** For `incomplete`: how many entries came, and how many Webex promised. */
      came?: { got: number; promised: number };
      cause?: unknown;
    },
  ) {
    super(message, { cause: context.cause });
  }
  /** Whether trying again can help; decided only here. */
  get retryable(): boolean {
    return this.kind === 'throttled' || this.kind === 'unavailable';
  }
}
