import type { Ending, Order, Organization, Person, TemplateInWords } from './organization';

/**
 * The rules, read off one by one, slowly. Everybody has a wish: things that they should have, and for
 * each thing that they hold whether it stays. Without shortage the wish comes true as it is; who has to
 * wait for something loses nothing meanwhile.
 */
interface Wish {
  wanted: Set<string>;
  stays: (copy: string) => boolean;
  /** R31b: what goes must leave nothing broken. Otherwise what depends on it goes as well. */
  isCautious: boolean;
  /** Things that can't be had or can't be taken, for good. */
  blocked: string[];
}

const free = ['FMS', 'FTM', 'FTC', 'FSS'];
const messaging = ['FMS', 'MS', 'FTM', 'CF'];
const calling = 'BCSTD';

/** Who ends with what; who isn't concerned isn't in it. Who comes first is served first. */
export function interpret(
  organization: Organization,
  order: Order,
  first: readonly string[],
): Map<string, Ending> {
  const people = first
    .flatMap((id) => organization.people.filter((person) => person.id === id))
    .filter((person) => person.isPerson && concerns(order, organization, person));
  const wishes = new Map(people.map((one) => [one.id, wishOf(order, organization, one)]));
  const got = new Map(people.map(({ id }) => [id, new Set<string>()]));
  const endings = new Map(people.map((one) => [one.id, reach(one)]));
  while (serveNext()) {
    // R46: a unit that somebody frees goes to whoever is first, so the line is walked anew.
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

/** R46: no unit is given out that isn't there, counted by thing over all subscriptions. */
function isEnough({ units, people }: Organization, endings: Map<string, Ending>): boolean {
  const things = new Set(Object.keys(units).map(thingOf));
  return [...things].every((thing) => {
    const copies = Object.keys(units).filter((copy) => thingOf(copy) === thing);
    const left = copies.reduce((sum, copy) => sum + units[copy]!, 0);
    const used = people.reduce((sum, { id, holds }) => {
      const ending = endings.get(id)?.holds ?? holds;
      const count = (list: string[]) =>
        list.filter((copy) => copies.includes(copy) || copy === thing).length;
      return sum + count(ending) - count(holds);
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
  // R39 holds removals back like a unit that is missing; R29b and R64 let everything else happen.
  const missing = [...short, ...wish.blocked.filter((thing) => thing !== calling)];
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
  const settled = [...kind].filter((thing) => !isOutdone(thing, [...kind].map(thingOf)));
  const lost = target.map(thingOf).filter((thing) => !settled.map(thingOf).includes(thing));
  const waitsFor = [...new Set([...missing, ...lost])];
  return { holds: settled, waitsFor, meanwhileAttendee, blocked: wish.blocked };
}

function heldCopies(one: Person, things: string[]): string[] {
  return one.holds.filter((copy) => things.includes(thingOf(copy)));
}

/** What somebody would hold if nothing were short. */
function targetOf(one: Person, wish: Wish): string[] {
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
function isOutdone(thing: string, among: string[]): boolean {
  if (thing.startsWith('attendee:')) return among.includes(`EE@${siteOf(thing)}`);
  return thing === 'CJPSTD' && among.includes('CJPPRM');
}

function concerns(order: Order, organization: Organization, one: Person): boolean {
  switch (order.kind) {
    case 'template': {
      const template = organization.templates.find(({ id }) => id === order.id)!;
      const isRecipient = order.withdraws && isFrom(one, template.id);
      // R17, R23, R31.
      return isRecipient || ((order.existingUsers || order.withdraws) && isIn(one, template));
    }
    case 'delete':
      return isIn(one, order.template) || isFrom(one, order.template.id);
    case 'turn-off':
      return true;
    case 'react':
      return one.id in order.how;
    case 'csv':
      return one.id in order.cells;
    case 'restore':
      return (order.taken[one.id] ?? []).length > 0;
  }
}

function wishOf(order: Order, organization: Organization, one: Person): Wish {
  const includes = order.kind === 'template' && order.existingUsers ? order.id : null;
  const granted = desiredOf(organization, one, includes);
  const wish = (wanted: Set<string>, mayStay: Wish['stays'], isCautious = true): Wish => {
    const held = one.holds.map(thingOf);
    // R57, and what the organization doesn't own.
    const stays = (copy: string) => isUntouchable(organization, copy) || mayStay(copy);
    const possible = targetOf(one, { wanted, stays, isCautious, blocked: [] });
    const blocked = possible
      .map(thingOf)
      .filter((thing) => !held.includes(thing) && isForbidden(one, thing));
    return { wanted, stays, isCautious, blocked };
  };
  const always = () => true;
  const exactly = (copy: string) => granted.has(thingOf(copy)) && isOldest(organization, one, copy);

  switch (order.kind) {
    case 'template': {
      const template = organization.templates.find(({ id }) => id === order.id)!;
      const isCovered = order.existingUsers && isIn(one, template);
      // R19, R19a.
      if (isCovered && !order.preserve) return wish(granted, exactly, false);
      if (!order.withdraws) return wish(granted, always);
      // R31: what this template gave and doesn't grant any more.
      const still = withWhatComesAlong(new Set(template.things));
      const stays = (copy: string) =>
        granted.has(thingOf(copy)) ||
        still.has(thingOf(copy)) ||
        !isGivenBy(one, copy, template.id);
      return wish(isCovered ? granted : insteadOf(one, granted, stays), stays);
    }
    case 'delete': {
      // R30.
      const stays = (copy: string) =>
        granted.has(thingOf(copy)) || !isGivenBy(one, copy, order.template.id);
      return wish(insteadOf(one, granted, stays), stays);
    }
    case 'turn-off': {
      // R58, R59.
      const off = [...(order.messaging ? messaging : []), ...(order.calling ? ['FTC'] : [])];
      return wish(new Set(), (copy) => !off.includes(thingOf(copy)), false);
    }
    case 'react':
      return reactionOf(order.how[one.id]!);
    case 'csv': {
      // R72, R73.
      const cells = order.cells[one.id]!;
      const yes = new Set(Object.keys(cells).filter((thing) => cells[thing] === true));
      const isNo = (thing: string) => order.removes && cells[thing] === false;
      // R54.
      const goes = (thing: string) => isNo(thing) || (messaging.includes(thing) && isNo('FMS'));
      return wish(withWhatComesAlong(yes), (copy) => !goes(thingOf(copy)));
    }
    case 'restore':
      // R81.
      return wish(new Set(order.taken[one.id]), always);
  }

  function reactionOf(how: 'add' | 'exact' | 'new'): Wish {
    const isAnyTemplate = templatesFor(organization, one, null).length > 0;
    switch (how) {
      case 'add':
        return wish(granted, always);
      case 'exact': {
        const isFreeAndLeft = (copy: string) => granted.size === 0 && free.includes(thingOf(copy));
        const all = wish(
          granted,
          (copy) => exactly(copy) || isFreeAndLeft(copy) || thingOf(copy) === calling,
          false,
        );
        const isBlocked = one.holds.map(thingOf).includes(calling) && !granted.has(calling);
        // R29b.
        return isBlocked ? { ...all, blocked: [...all.blocked, calling] } : all;
      }
      case 'new':
        // R22.
        return wish(
          granted,
          (copy) =>
            !isAnyTemplate ||
            granted.has(copy) ||
            !free.includes(copy) ||
            one.origins[copy]?.kind !== 'implicit',
        );
    }
  }
}

/** Who loses one of two things because a template goes isn't left with neither, where the other is granted. */
function insteadOf(one: Person, granted: Set<string>, stays: Wish['stays']): Set<string> {
  const going = one.holds.filter((copy) => !stays(copy)).map(thingOf);
  return new Set(going.flatMap((thing) => twinOf(thing) ?? []).filter((it) => granted.has(it)));
}

function twinOf(thing: string): string | null {
  if (thing === 'CJPPRM') return 'CJPSTD';
  if (thing === 'CJPSTD') return 'CJPPRM';
  return thing.startsWith('attendee:') ? `EE@${siteOf(thing)}` : attendeeFor(thing);
}

/** R39; R63, R64. */
function isForbidden(one: Person, thing: string): boolean {
  if (thing === calling) return !one.canHaveCalling;
  return thing.startsWith('attendee:') && one.administers.includes(siteOf(thing));
}

/** What all templates together want a person to have (R4–R8, R11). */
function desiredOf(organization: Organization, one: Person, including: string | null): Set<string> {
  const things = templatesFor(organization, one, including).flatMap((template) => template.things);
  return withWhatComesAlong(new Set(things));
}

function templatesFor(
  { mode, templates }: Organization,
  one: Person,
  including: string | null,
): TemplateInWords[] {
  const ofGroups = templates.filter(({ group }) => group !== null && one.groups.includes(group));
  const ofAll = templates
    .filter(({ group }) => group === null)
    // R20: but for a rollout of it to existing users.
    .filter(({ id }) => !one.isExplicit || id === including);
  switch (mode) {
    case 'union':
    case 'exclusive':
      return [...ofAll, ...ofGroups];
    case 'group-overrides-organization':
      return ofGroups.length > 0 ? ofGroups : ofAll;
  }
}

/** R53–R57. */
function withWhatComesAlong(things: Set<string>): Set<string> {
  const all = new Set(things);
  if (all.has('MS') || all.has('CF')) all.add('FMS');
  if (all.has('FMS')) all.add('FTM');
  all.delete('FSS');
  return all;
}

/** R57, and licenses that the organization doesn't own. */
function isUntouchable({ listed }: Organization, copy: string): boolean {
  return copy === 'FSS' || (!copy.startsWith('attendee:') && !listed.includes(copy));
}

/** R45. */
function isOldest({ listed }: Organization, one: Person, copy: string): boolean {
  const same = one.holds.filter(
    (other) => thingOf(other) === thingOf(copy) && listed.includes(other),
  );
  return same.length === 0 || [...same].sort()[0] === copy;
}

function isIn(one: Person, { group }: TemplateInWords): boolean {
  return group === null || one.groups.includes(group);
}

function isGivenBy(one: Person, copy: string, templateId: string): boolean {
  const origin = one.origins[copy];
  return origin?.kind === 'template' && origin.templateId === templateId;
}

function isFrom(one: Person, templateId: string): boolean {
  return one.holds.some((copy) => isGivenBy(one, copy, templateId));
}

function canRunOut({ units }: Organization, thing: string): boolean {
  return Object.keys(units).some((copy) => thingOf(copy) === thing);
}

export function thingOf(copy: string): string {
  return copy.replace(/#\d+$/, '');
}

function siteOf(thing: string): string {
  return thing.replace(/^(attendee:|.*@)/, '');
}

function attendeeFor(thing: string): string | null {
  return thing.startsWith('EE@') ? `attendee:${siteOf(thing)}` : null;
}
