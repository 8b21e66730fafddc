import { attendeeFor, calling, excludeEachOther, siteOf } from './words';

/** One change of a call, and what Webex made of it. */
export interface Asked {
  isAddition: boolean;
  /** What is held afterwards, or not: a copy, or an attendee account. */
  copy: string;
  thing: string;
  isDone: boolean;
  /** A host license for which attendee would do, until there is a unit (R36). */
  attendeeWouldDo: boolean;
}

/**
 * R95 and R40, read off one by one: what somebody holds once a call is over, of which Webex has done a
 * part, and everything is put back that must be.
 */
export function holdsAfter(before: readonly string[], call: readonly Asked[]): string[] {
  const got = call.filter(({ isAddition, isDone }) => isAddition && isDone);
  const gone = call.filter(({ isAddition, isDone }) => !isAddition && isDone);
  const denied = call.filter(({ isAddition, isDone }) => isAddition && !isDone);
  const stayed = call.filter(({ isAddition, isDone }) => !isAddition && !isDone);
  const has = (changes: readonly Asked[], thing: string) =>
    changes.some((change) => excludeEachOther(change.thing, thing));

  const holds = new Set(before);
  for (const { copy } of gone) holds.delete(copy);
  // Nobody holds both: what should have taken the place of something that is still there goes again.
  // Calling isn't taken again: number and voicemail would go with it (R68).
  for (const { copy, thing } of got) {
    if (!has(stayed, thing) || calling.includes(thing)) holds.add(copy);
  }
  if (denied.length > 0) {
    for (const { copy, thing } of gone) {
      const isReplaced = has(got, thing);
      // R68: nothing brings Calling back.
      if (!isReplaced && !calling.includes(thing)) holds.add(copy);
    }
  }
  for (const { thing, attendeeWouldDo } of denied) {
    const attendee = attendeeFor(thing);
    const isHost = got.some((other) => siteOf(other.thing) === siteOf(thing));
    const hadToGo = call.some((other) => !other.isAddition && other.thing === attendee);
    if (attendee !== null && attendeeWouldDo && !isHost && !hadToGo) holds.add(attendee);
  }
  return [...holds].sort();
}
