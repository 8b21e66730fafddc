import type { ChangeTarget } from './change';

/** Every code that a note can have, and what it means. */
export const noteCodes = [
  /** Held, not granted, and kept because preserve is on (R19). */
  'preserved',
  /** Granted and already assigned. */
  'right-already',
  /** Every user has it, and it can't be removed (R57). */
  'implicit',
  /** Held but not listed by `GET /licenses`: never touched, and reported (section I). */
  'unlisted',
  /** The same offer from a second subscription, kept under preserve (R45). */
  'held-twice',
  /** Attendee is granted, but the user is host and preserve is on (R40a). */
  'host-kept',
  /** No unit is left for an addition: it waits, with the removals of this user (R46). */
  'no-unit',
  /** Waits in a ring of users who need each other's units (R46). */
  'ring',
  /** Host was granted as well but no unit is left: attendee until one is free (R36). */
  'host-pending',
  /** Not removed, because something that is kept requires it (R31b). */
  'needed',
  /** The organization doesn't have this license, or no longer has it. */
  'no-license',
  /** A rule forbids it. */
  'forbidden',
  /** Its removal can't be undone, and nobody has acknowledged that (R29b, R68). */
  'irreversible',
  /** The user administers the site and can't be attendee there (R39). */
  'site-administrator',
  /** Calling needs a number or extension, and the directory has none (R64, R69). */
  'no-number',
  /** The number isn't an E.164 number, is in use, or isn't provisioned at any location (R64, R69). */
  'bad-number',
  /** Kept, because the template that ends didn't add it (R31a); the text names who did. */
  'given-otherwise',
  /** Kept, because it was held before the first check (R31a). */
  'unknown-origin',
  /** A file asks for it that was exported before the user's licenses changed (R77). */
  'stale',
  /** An earlier rollout left the user waiting for this change; this plan ends that (R107). */
  'wait-ends',
  /** It was turned off for the user on purpose, and this plan adds it again (R104). */
  'turned-on-again',
  /** Kept, because reads don't show for certain that the user still belongs to their groups (R88). */
  'membership-doubtful',
  /** The request leaves out this user or this offer (R103). */
  'excluded',
] as const;

export type NoteCode = (typeof noteCodes)[number];

/** No free unit lifts these: what they block makes the removals of the user wait on (R39, R60). */
export const codesThatHoldRemovals = [
  'forbidden',
  'site-administrator',
  'no-license',
] as const satisfies readonly NoteCode[];

/** Something worth saying about a user that is not a change. */
export interface Note {
  code: NoteCode;
  text: string;
  rule: string;
  target: ChangeTarget | { kind: 'offer'; offer: string; site: string | null };
}

export function note(code: NoteCode, text: string, rule: string, target: Note['target']): Note {
  return { code, text, rule, target };
}
