/**
 * What the rest of the product may ask of Webex: the port that `createWebex` (create-webex.ts) implements.
 * Everything is in the words of `domain/model`; wire shapes stay inside this folder.
 */
import type { CallingRecord } from '../../domain/licenses/calling';
import type { Change } from '../../domain/model/change';
import type { Holdings, User } from '../../domain/model/user';
import type { License } from '../../domain/model/license';

export interface WebexUser extends User {
  /** What this read showed; `attendeeSites` is null where it had no `siteUrls`. */
  holdings: Holdings;
  status: string | null;
  /** Null where Webex doesn't say. */
  invitePending: boolean | null;
  /** False: deactivated; null where Webex doesn't say. */
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
  /** Person, workspace or whatever else has it; null where nobody does. */
  ownerId: string | null;
  state: string | null;
}

export interface WebexGroup {
  groupId: string;
  displayName: string;
  memberSize: number | null;
  /** Its UUID is a location's, or SCIM says that it is a location's (R13). */
  isLocation: boolean;
  /** What SCIM says of its origin and use; null where SCIM may not be read (R12). */
  source: string | null;
  usage: string | null;
}

export interface WebexMember {
  memberId: string;
  /** `user`, `machine`, `group` … as Webex says it. */
  type: string;
}

/** The answer to one write, compared with what was asked. */
export interface WriteAnswer {
  status: 200 | 206;
  trackingId: string | null;
  /** Everything the user holds now, says the answer. */
  holdings: { licenses: string[]; attendeeSites: string[] };
  /** Changes that the answer shows as done. */
  done: Change[];
  /** Changes that the answer does not show: adds that are absent, removals that are still there. */
  refused: Change[];
  /** Details per failure, where Webex gave any: one line each. */
  details: string[];
}

/** Whose token this is, and what it may do. */
export interface CredentialReport {
  orgId: string;
  organizationName: string;
  /** E-mail or display name; null for service apps, which have no `people/me`. */
  tokenOwner: string | null;
  /** Scopes found to work or granted, and those that Seatwise needs and lacks. */
  scopes: { present: string[]; missing: string[]; unknown: string[] };
  accessExpiresAt: Date | null;
  refreshExpiresAt: Date | null;
  readOnly: boolean;
}

export interface ReadOptions {
  signal?: AbortSignal;
  /** Called after every page, and before a wait, with the number of users read so far: for heartbeats. */
  onPage?: (read: number) => void;
  /** Reads of people: also what Calling needs. Webex gives pages of at most 100 then. */
  callingData?: boolean;
}

export interface PeopleRead {
  users: WebexUser[];
  /** Asked for by id and not there any more. */
  notFound: string[];
}

/** A user whose entry in the directory was made or changed, whatever of it changed. */
export interface ChangedUser {
  personId: string;
  lastModified: Date;
  /** Whether the user may sign in; absent where Webex doesn't say. */
  active?: boolean;
}

export interface Webex {
  /** Reads are retried inside (429, 423, 5xx, resets) for a bounded time; then they throw. */
  listLicenses(options?: ReadOptions): Promise<License[]>;
  /**
   * All groups, without members. Location groups are marked where locations or SCIM can be read, and
   * where groups come from where SCIM can.
   */
  listGroups(options?: ReadOptions): Promise<WebexGroup[]>;
  /**
   * All direct members; throws `incomplete` when fewer than `memberSize` come, or than `promised`
   * where the answer has no `memberSize`; `not-found` where the group isn't there.
   */
  listMembers(
    groupId: string,
    options?: ReadOptions & { promised?: number | null },
  ): AsyncIterable<WebexMember[]>;
  /** Every user of the organization, a page at a time. */
  listPeople(options?: ReadOptions): AsyncIterable<PeopleRead>;
  /**
   * All phone numbers of the organization, by number; null where the token may not read them or the
   * organization has no Calling.
   */
  listNumbers(options?: ReadOptions): Promise<WebexNumber[] | null>;
  /**
   * Users made or changed at or after `since`, newest first, a page at a time, by SCIM. Who was deleted
   * doesn't show. Throws `forbidden` where the token may not, and `contract` where Webex doesn't sort.
   */
  listChangedUsers(since: Date, options?: ReadOptions): AsyncIterable<{ changed: ChangedUser[] }>;
  /**
   * These users by whatever takes the fewest calls: batches of 85 ids, or all pages of people when
   * `population` (users in the organization) makes that cheaper.
   */
  readPeople(
    personIds: readonly string[],
    population: number,
    options?: ReadOptions,
  ): AsyncIterable<PeopleRead>;
  /**
   * One `PATCH /licenses/users`, never repeated in here: whether to repeat is the caller's decision.
   * `attendeeSites` of users whose attendee accounts no read shows are judged by this answer.
   */
  writeUser(
    personId: string,
    changes: readonly Change[],
    options?: { signal?: AbortSignal },
  ): Promise<WriteAnswer>;
  /** The check at start. Throws `forbidden` when the token opens no organization. */
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

/** Everything this folder throws. The message is one line, and never holds a token or a body. */
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
      /** How long the organization must wait, where Webex said so. */
      retryAfterMs?: number;
      /** The work may have been done although the caller was told otherwise. */
      outcomeUnknown?: boolean;
      /** Of a list that is `incomplete`: how many came, of how many. */
      came?: { got: number; promised: number };
      cause?: unknown;
    },
  ) {
    super(message, { cause: context.cause });
  }
  /** The one place where it is decided whether trying again can help. */
  get retryable(): boolean {
    return this.kind === 'throttled' || this.kind === 'unavailable';
  }
}
