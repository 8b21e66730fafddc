import type { Change, Reason } from '../model/change';

/** R36: the attendee account of a user who was granted host as well, until a host unit is free. */
export function attendeeMeanwhile(site: string, reason: Reason): Change {
  return {
    operation: 'add',
    target: { kind: 'attendee', site },
    reason: { ...reason, text: `${reason.text}; attendee until a host unit is free`, rule: 'R36' },
    replacement: false,
  };
}

/** Whether a change is such an attendee account. */
export function isAttendeeMeanwhile({ operation, target, reason }: Change): boolean {
  return operation === 'add' && target.kind === 'attendee' && reason.rule === 'R36';
}
