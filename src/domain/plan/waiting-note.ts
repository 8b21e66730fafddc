import type { Want } from '../decide/decision';
import type { ChangeTarget } from '../model/change';
import { note, type Note, type NoteCode } from '../model/note';

export interface WaitingCase {
  want: Want;
  target: ChangeTarget;
  /** The user gets another host license on the site, and so isn't attendee there. */
  isHostOtherwise: boolean;
  isInRing: boolean;
}

interface Cause {
  applies: (one: WaitingCase) => boolean;
  code: NoteCode;
  rule: string;
  text: string;
}

/** Why a want waits: the first line that applies. */
const causes: readonly Cause[] = [
  {
    applies: ({ want, isHostOtherwise }) =>
      want.kind === 'license' && want.ifNoUnit !== 'wait' && !isHostOtherwise,
    code: 'host-pending',
    rule: 'R36',
    text: 'no host unit is left; attendee until one is free',
  },
  {
    applies: ({ isInRing }) => isInRing,
    code: 'ring',
    rule: 'R46',
    text: 'waits, because these users each need a unit that another of them holds',
  },
  {
    applies: ({ want }) => want.needsAllRemovals,
    code: 'no-unit',
    rule: 'R46',
    text: 'waits together with the removals of this user',
  },
  { applies: () => true, code: 'no-unit', rule: 'R46', text: 'no unit is left' },
];

export function waitingNote(one: WaitingCase): Note {
  const cause = causes.find(({ applies }) => applies(one));
  if (!cause) throw new Error('Every want that waits has a cause');
  return note(cause.code, cause.text, cause.rule, one.target);
}
