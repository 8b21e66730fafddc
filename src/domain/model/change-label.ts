import type { Note } from './note';
import type { Change, ChangeTarget } from './change';
import type { User } from './user';

/** `EE host@acme.webex.com`, `attendee@acme.webex.com`, `MS`. */
export function targetLabel(target: ChangeTarget | Note['target']): string {
  if (target.kind === 'attendee') return `attendee@${target.site}`;
  return target.site === null ? target.offer : `${target.offer} host@${target.site}`;
}

/** A change as people and the Temporal UI read it: `+EE host@acme.webex.com`, `-MS`. */
export function changeLabel(change: ChangeLabelInput): string {
  return `${change.operation === 'add' ? '+' : '-'}${targetLabel(change.target)}`;
}

/** All changes of one user on one line, removals first. */
export function changesLabel(changes: readonly Change[]): string {
  const removals = changes.filter((change) => change.operation === 'remove');
  const additions = changes.filter((change) => change.operation === 'add');
  return [...removals, ...additions].map(changeLabel).join(' ');
}

/** Name and address, for people. */
export function userLabel(user: Pick<User, 'email' | 'displayName'>): string {
  const name = user.displayName.trim();
  return name === '' || name === user.email ? user.email : `${name} <${user.email}>`;
}

/** The line of a change as people and the Temporal UI read it: `+EE host@site`, `-MS`. */
export interface ChangeLabelInput {
  operation: 'add' | 'remove';
  target: ChangeTarget;
}
