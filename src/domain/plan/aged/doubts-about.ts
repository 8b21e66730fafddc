import { counted } from '../../model/text/wording';
import { refusalText, type RefusedList } from '../../watch/refused-list';

const mostNamed = 5;

/** Of the lists that aren't believed, those of members that decide about a plan, one sentence each (R88). */
export function doubtsAbout(
  refusedLists: readonly RefusedList[],
  groups: readonly { memberGroupIds: readonly string[] }[],
): string[] {
  const counting = new Set(groups.flatMap(({ memberGroupIds }) => memberGroupIds));
  const about = refusedLists.filter(
    ({ list }) => list.startsWith(membersOf) && counting.has(list.slice(membersOf.length)),
  );
  const texts = about.slice(0, mostNamed).map((list) => `${refusalText(list)}.`);
  const others = about.length - texts.length;
  return others > 0
    ? [...texts, `${counted(others, 'more list is', 'more lists are')} refused.`]
    : texts;
}

const membersOf = 'members:';
