/** What comes with everybody (R20), what messaging is made of (R58), and Calling. */
export const free = ['FMS', 'FTM', 'FTC', 'FSS'];
export const messaging = ['FMS', 'MS', 'FTM', 'CF'];
export const professional = 'BCSTD';
export const standard = 'WXCSTD';
export const calling = [professional, standard];

/** The thing that a copy is one of. */
export function thingOf(copy: string): string {
  return copy.replace(/#\d+$/, '');
}

export function siteOf(thing: string): string {
  return thing.replace(/^(attendee:|.*@)/, '');
}

export function attendeeFor(thing: string): string | null {
  return thing.startsWith('EE@') ? `attendee:${siteOf(thing)}` : null;
}

/** The other account on a site, or the other Contact Center license. */
export function twinOf(thing: string): string | null {
  if (thing === 'CJPPRM') return 'CJPSTD';
  if (thing === 'CJPSTD') return 'CJPPRM';
  return thing.startsWith('attendee:') ? `EE@${siteOf(thing)}` : attendeeFor(thing);
}

/** R40, R41, R60: nobody holds both. */
export function excludeEachOther(one: string, other: string): boolean {
  const areCalling = calling.includes(one) && calling.includes(other) && one !== other;
  return twinOf(one) === other || areCalling;
}
