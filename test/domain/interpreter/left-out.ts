import type { Person } from './organization';
import { isOutdone, targetOf, type Wish } from './target';
import { excludeEachOther, siteOf, thingOf } from './words';

/**
 * R103: the same wish without some offers: nobody gets or loses them. What makes no sense without them
 * doesn't happen either: the other half of a replacement, what excludes something that stays, what needs
 * something that isn't added, and the loss of what something that stays needs.
 */
export function withoutLeftOut(leftOut: readonly string[], one: Person, wish: Wish): Wish {
  if (leftOut.length === 0) return wish;
  const isOut = (copy: string) => leftOut.some((name) => isNamed(name, thingOf(copy)));
  const target = targetOf(one, wish);
  const held = one.holds.map(thingOf);
  const lost = one.holds.filter((copy) => !target.includes(copy));
  const gained = [...wish.wanted].filter(
    (thing) => target.map(thingOf).includes(thing) && !held.includes(thing),
  );
  const dropped = new Set(gained.filter(isOut));
  for (const thing of gained) {
    if (lost.some((copy) => isOut(copy) && excludeEachOther(thing, thingOf(copy))))
      dropped.add(thing);
  }
  for (let before = -1; before !== dropped.size;) {
    before = dropped.size;
    for (const thing of gained)
      if (needs(thing).some((other) => dropped.has(other))) dropped.add(thing);
  }
  const stays = (copy: string) =>
    wish.stays(copy) ||
    isOut(copy) ||
    [...dropped].some((thing) => excludeEachOther(thing, thingOf(copy)));
  // What something better has outdone isn't wanted instead of it; attendee until there is a unit may be.
  const isStillWanted = (thing: string) => {
    const better = gained.find((other) => isOutdone(thing, [other]));
    if (isOut(thing) || dropped.has(thing)) return false;
    return better === undefined || !dropped.has(better);
  };
  const left = (things: string[]) => things.filter((thing) => !isOut(thing));
  return {
    wanted: new Set([...wish.wanted].filter(isStillWanted)),
    stays,
    isCautious: true,
    blocked: left(wish.blocked),
    holdsBack: left(wish.holdsBack),
  };
}

/** `EE`, `EE@a.webex.com`, `attendee@a.webex.com`. */
function isNamed(name: string, thing: string): boolean {
  if (thing.startsWith('attendee:')) return name === `attendee@${siteOf(thing)}`;
  return name === thing || name === thing.replace(/@.*/, '');
}

function needs(thing: string): string[] {
  if (thing === 'FTM') return ['FMS'];
  return thing === 'MS' || thing === 'CF' ? ['FMS', 'FTM'] : [];
}
