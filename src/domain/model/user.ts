/** What a user holds. Both lists are sorted and free of duplicates. */
export interface Holdings {
  licenses: string[];
  /** Sites where the user is an attendee; null if no read or answer has shown them. */
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
  /** Assigned by an administrator, by hand or by CSV. */
  | { kind: 'manual' }
  /** The user was created with it (R20). */
  | { kind: 'explicit' }
  /** Webex added it automatically with the user (R22). */
  | { kind: 'implicit' }
  /** Held before we looked. */
  | { kind: 'unknown' };
