import { counted } from '../model/text/wording';
import type { Refusal } from './believe';

/** A list of the directory that isn't believed, with both figures (R88). */
export interface RefusedList {
  /** `people`, `groups`, `licenses`, `members:<group id>` or `holders:<license id>`. */
  list: string;
  /** The group or license that the list is about; null: the organization. */
  name: string | null;
  refusal: Refusal;
  /** Entries accepted so far; for an incomplete list, entries that Webex promises. */
  before: number;
  /** Entries that the read showed. */
  now: number;
  missing: number;
}

/** `The list of people shows 100, and 201 of 301 are missing`. */
export function refusalText(refused: RefusedList): string {
  const { refusal, before, now, missing } = refused;
  const what = listTitle(refused);
  if (refusal === 'incomplete') {
    return `${what} is incomplete: it shows ${now} of ${before}`;
  }
  const shows = now === 0 ? 'is empty' : `shows ${counted(now, 'entry', 'entries')}`;
  const text = `${what} ${shows}, and ${missing} of the ${before} before are missing`;
  return refusal === 'other-source' ? `${text}, although as many units are in use` : text;
}

/**
 * Whether a person can accept the list. Lists of people and licenses promise no total: one that is
 * incomplete has no figure to accept, only pages that don't fit together.
 */
export function isAcceptable({ list, refusal }: Pick<RefusedList, 'list' | 'refusal'>): boolean {
  return refusal !== 'incomplete' || list === 'groups' || list.startsWith('members:');
}

/** What the list is about: `The list of members of the group "Sales"`. */
export function listTitle({ list, name }: Pick<RefusedList, 'list' | 'name'>): string {
  const [kind, id] = [list.split(':', 1)[0], list.slice(list.indexOf(':') + 1)];
  if (kind === 'members') return `The list of members of the group "${name ?? id}"`;
  if (kind === 'holders') return `The list of users who hold ${name ?? id}`;
  return `The list of ${list}`;
}
