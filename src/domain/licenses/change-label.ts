import type { Change, ChangeTarget } from '../model/change';
import type { Note } from '../model/note';
import type { User } from '../model/user';
import { offerWithCode } from './offers';

/** `Webex Meetings Suite (EE), host on acme.webex.com`, `attendee on acme.webex.com`. */
export function targetLabel(target: ChangeTarget | Note['target']): string {
  if (target.kind === 'attendee') return `attendee on ${target.site}`;
  const name = offerWithCode(target.offer);
  return target.site === null ? name : `${name}, host on ${target.site}`;
}

/** `+ Advanced Messaging (MS)`, `- attendee on acme.webex.com`. */
export function changeLabel({ operation, target }: Pick<Change, 'operation' | 'target'>): string {
  return `${operation === 'add' ? '+' : '-'} ${targetLabel(target)}`;
}

/** `remove Advanced Messaging (MS)`: a change within a sentence. */
export function changePhrase({ operation, target }: Pick<Change, 'operation' | 'target'>): string {
  return `${operation} ${targetLabel(target)}`;
}

/** All changes of one user on one line, removals first. */
export function changesLabel(changes: readonly Change[]): string {
  return removalsFirst(changes).map(changeLabel).join('; ');
}

/** The same changes with the removals in front. */
export function removalsFirst(changes: readonly Change[]): Change[] {
  const removals = changes.filter(({ operation }) => operation === 'remove');
  return [...removals, ...changes.filter(({ operation }) => operation === 'add')];
}

/** Temporal refuses the summary of an activity beyond 400 bytes. */
const maxSummaryLength = 200;

/** What one call writes, as Temporal's UI shows it: the user and their changes on a short line. */
export function callSummary(user: string, changes: readonly Change[]): string {
  const text = `${user}: ${changesLabel(changes)}`;
  return text.length > maxSummaryLength ? `${text.slice(0, maxSummaryLength - 1)}…` : text;
}

/** Name and address, for people. */
export function userLabel(user: Pick<User, 'email' | 'displayName'>): string {
  const name = user.displayName.trim();
  return name === '' || name === user.email ? user.email : `${name} <${user.email}>`;
}
