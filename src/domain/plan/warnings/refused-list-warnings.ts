import type { PlanContext } from '../../kinds/plan-context';
import type { PlanWarning } from '../../model/warning';
import { counted } from '../../model/text/wording';
import { isPartialView, peopleText } from '../../watch/people-figures';
import { refusalText } from '../../watch/refused-list';

const mostNamed = 10;
const consequence =
  'What is missing still counts in this plan, and nothing is removed because of it, until an administrator accepts the list or two checks agree.';

/** The credential sees only a part of the people, or nothing says how many there are (R87). */
export function partialViewWarnings({ people }: Pick<PlanContext, 'people'>): PlanWarning[] {
  if (!people || (people.promised !== null && !isPartialView(people))) return [];
  const code = people.promised === null ? 'people-unchecked' : 'people-partial';
  return [{ code, text: peopleText(people), rule: 'R87' }];
}

/** Lists of the directory that aren't believed: nobody loses anything because of them (R88). */
export function refusedListWarnings({
  refusedLists = [],
}: Pick<PlanContext, 'refusedLists'>): PlanWarning[] {
  const texts = refusedLists.slice(0, mostNamed).map((list) => `${refusalText(list)}.`);
  const others = refusedLists.length - texts.length;
  if (others > 0) texts.push(`${counted(others, 'more list is', 'more lists are')} refused.`);
  return texts.map((text) => ({
    code: 'list-refused',
    text: `${text} ${consequence}`,
    rule: 'R88',
  }));
}
