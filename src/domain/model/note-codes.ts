import type { NoteCode } from './model';

const every: Record<NoteCode, true> = {
  preserved: true,
  'right-already': true,
  implicit: true,
  unlisted: true,
  'held-twice': true,
  'host-kept': true,
  'no-unit': true,
  ring: true,
  'host-pending': true,
  needed: true,
  'no-license': true,
  forbidden: true,
  irreversible: true,
  'site-administrator': true,
  'no-number': true,
  'bad-number': true,
  'given-otherwise': true,
  'unknown-origin': true,
  stale: true,
};

/** Every code that a note can have, for those who ask for some of them. */
export const noteCodes = Object.keys(every) as [NoteCode, ...NoteCode[]];
