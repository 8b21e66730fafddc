import type { Ending, Order, Organization, Person } from './organization';
import { withoutLeftOut } from './left-out';
import { isOutdone, targetOf, type Wish } from './target';
import { concerns, wishOf } from './wish';
import { attendeeFor, professional, siteOf, standard, thingOf } from './words';

/**
 * The rules, read off one by one, slowly. Everybody has a wish; without shortage it comes true as it
 * is, and who has to wait for something loses nothing meanwhile. Who isn't concerned isn't in the
 * answer, and who comes first is served first.
 */
export function interpret(
  organization: Organization,
  order: Order,
  first: readonly string[],
): Map<string, Ending> {
  const concerned = first
    .flatMap((id) => organization.people.filter((person) => person.id === id))
    .filter((person) => person.isPerson && concerns(order, organization, person));
  // R103. What anybody waits for since earlier orders changes nothing here (R107).
  const people = concerned.filter(({ isLeftOut }) => !isLeftOut);
  const wishes = new Map(
    people.map((one) => [
      one.id,
      withoutLeftOut(order.leftOut ?? [], one, wishOf(order, organization, one)),
    ]),
  );
  const got = new Map(people.map(({ id }) => [id, new Set<string>()]));
  const endings = new Map(people.map((one) => [one.id, reach(one)]));
  while (serveNext()) {
    // R46: the first user in the order of service gets a freed unit, so the order is walked again.
  }
  for (const { id, holds, isLeftOut } of concerned) {
    if (isLeftOut) endings.set(id, { holds, waitsFor: [], meanwhileAttendee: [], blocked: [] });
  }
  return endings;

  function reach(one: Person): Ending {
    return endingOf(organization, one, wishes.get(one.id)!, got.get(one.id)!);
  }

  function serveNext(): boolean {
    for (const one of people) {
      const now = endings.get(one.id)!;
      const waits = now.waitsFor.filter((thing) => !now.blocked.includes(thing));
      for (const attempt of waits.length > 1
        ? [...waits.map((thing) => [thing]), waits]
        : [waits]) {
        if (attempt.length > 0 && serve(one, attempt)) return true;
      }
    }
    return false;
  }

  /** False, and nothing has happened, where it can't be. */
  function serve(one: Person, things: string[]): boolean {
    const before = { got: got.get(one.id)!, ending: endings.get(one.id)! };
    got.set(one.id, new Set([...before.got, ...things]));
    endings.set(one.id, reach(one));
    const has = endings.get(one.id)!.holds.map(thingOf);
    if (things.every((thing) => has.includes(thing)) && isEnough(organization, endings))
      return true;
    got.set(one.id, before.got);
    endings.set(one.id, before.ending);
    return false;
  }
}

/**
 * R46: no unit is given out that isn't there, counted by thing over all subscriptions. Who still waits
 * frees nothing for others: two people might wait for each other's call.
 */
function isEnough({ units, people }: Organization, endings: Map<string, Ending>): boolean {
  const things = new Set(Object.keys(units).map(thingOf));
  return [...things].every((thing) => {
    const copies = Object.keys(units).filter((copy) => thingOf(copy) === thing);
    const left = copies.reduce((sum, copy) => sum + units[copy]!, 0);
    const count = (list: string[]) =>
      list.filter((copy) => copies.includes(copy) || copy === thing).length;
    const used = people.reduce((sum, { id, holds }) => {
      const ending = endings.get(id);
      if (!ending) return sum;
      const more = count(ending.holds) - count(holds);
      return sum + (ending.waitsFor.length > 0 ? Math.max(more, 0) : more);
    }, 0);
    return used <= left;
  });
}

function endingOf(organization: Organization, one: Person, wish: Wish, got: Set<string>): Ending {
  const target = targetOf(one, wish);
  const held = one.holds.map(thingOf);
  const short = target
    .map(thingOf)
    .filter((thing) => !held.includes(thing) && canRunOut(organization, thing) && !got.has(thing));
  // R39 and R60 hold removals back like a unit that is missing; R29b and R64 let all else happen.
  const missing = [...short, ...wish.holdsBack];
  const nothing = { waitsFor: [], meanwhileAttendee: [], blocked: wish.blocked };
  if (missing.length === 0) return { holds: target, ...nothing };
  // R46: the removals wait with what is missing, and other additions go ahead.
  const reached = target.filter((copy) => !missing.includes(thingOf(copy)));
  const gained = reached.map(thingOf);
  const kept = one.holds.filter((copy) => !gained.includes(thingOf(copy)));
  const holds = [...new Set([...reached, ...kept, ...heldCopies(one, gained)])];
  // R36: attendee for now, where attendee is granted too.
  const meanwhileAttendee = missing.filter((thing) => {
    const attendee = attendeeFor(thing);
    return attendee && wish.wanted.has(attendee) && !one.administers.includes(siteOf(thing));
  });
  holds.push(...meanwhileAttendee.flatMap((host) => attendeeFor(host) ?? []));
  const kind = new Set(holds);
  // R40, R41: never both; the better one of the two, and what is held before what would be a loss.
  const among = [...kind].map(thingOf);
  const settled = [...kind].filter((thing) => {
    // R60: Professional comes when Standard goes.
    if (thing === professional && among.includes(standard)) return false;
    return !isOutdone(thing, among);
  });
  const lost = target.map(thingOf).filter((thing) => !settled.map(thingOf).includes(thing));
  const waitsFor = [...new Set([...missing, ...lost])];
  return { holds: settled, waitsFor, meanwhileAttendee, blocked: wish.blocked };
}

function heldCopies(one: Person, things: string[]): string[] {
  return one.holds.filter((copy) => things.includes(thingOf(copy)));
}

function canRunOut({ units }: Organization, thing: string): boolean {
  return Object.keys(units).some((copy) => thingOf(copy) === thing);
}
