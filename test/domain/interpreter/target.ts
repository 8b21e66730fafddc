import type { Person } from './organization';
import { siteOf, thingOf } from './words';

/** What should become of somebody: what they should have, and of what they hold, what stays. */
export interface Wish {
  wanted: Set<string>;
  stays: (copy: string) => boolean;
  /** R31b: what something kept depends on isn't removed. Otherwise the dependents are removed as well. */
  isCautious: boolean;
  /** Things that can never be added or removed. */
  blocked: string[];
  /** Of those, things that hold removals back, as if a unit were missing (R39, R60). */
  holdsBack: string[];
}

/** What somebody would hold if nothing were short. */
export function targetOf(one: Person, wish: Wish): string[] {
  let staying = one.holds.filter((copy) => wish.stays(copy));
  const things = () => [...staying.map(thingOf), ...wish.wanted];
  for (let before = -1; before !== staying.length;) {
    before = staying.length;
    if (!wish.isCautious) continue;
    const needed = neededBy(things());
    staying = one.holds.filter((copy) => staying.includes(copy) || needed.includes(thingOf(copy)));
  }
  const wanted = [...wish.wanted].filter(
    (thing) => !staying.map(thingOf).includes(thing) && !wish.blocked.includes(thing),
  );
  const all = [...staying, ...wanted];
  return all.filter((copy) => !isOutdone(thingOf(copy), all.map(thingOf)));
}

/** R54, R55, R56: messaging is needed by what builds on it, and Basic Space Meetings come with it. */
function neededBy(things: string[]): string[] {
  const has = (thing: string) => things.includes(thing);
  return [
    ...(has('MS') || has('FTM') || has('CF') ? ['FMS'] : []),
    ...(has('FMS') || has('MS') || has('CF') ? ['FTM'] : []),
  ];
}

/** R35, R40, R40a: host before attendee. R41: Premium before Standard. */
export function isOutdone(thing: string, among: string[]): boolean {
  if (thing.startsWith('attendee:')) return among.includes(`EE@${siteOf(thing)}`);
  return thing === 'CJPSTD' && among.includes('CJPPRM');
}
