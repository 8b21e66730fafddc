import { desiredOf, templatesFor, withWhatComesAlong } from './desired';
import type { Order, Organization, Person, TemplateInWords } from './organization';
import { targetOf, type Wish } from './target';
import { calling, free, messaging, professional, siteOf, standard, thingOf, twinOf } from './words';

/** Whom an order is about. */
export function concerns(order: Order, organization: Organization, one: Person): boolean {
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

/** What the order means for somebody. */
export function wishOf(order: Order, organization: Organization, one: Person): Wish {
  const includes = order.kind === 'template' && order.existingUsers ? order.id : null;
  const granted = desiredOf(organization, one, includes);
  const wish = (wanted: Set<string>, mayStay: Wish['stays'], isCautious = true): Wish => {
    const held = one.holds.map(thingOf);
    // R57, and what the organization doesn't own.
    const stays = (copy: string) => isUntouchable(organization, copy) || mayStay(copy);
    const possible = targetOf(one, { wanted, stays, isCautious, blocked: [], holdsBack: [] });
    const gains = possible.map(thingOf).filter((thing) => !held.includes(thing));
    const holdsBack = gains.filter((thing) => isForbidden(one, thing, possible.map(thingOf)));
    // R63, R64.
    const withoutNumber = gains.filter((thing) => calling.includes(thing) && !one.canHaveCalling);
    return { wanted, stays, isCautious, blocked: [...holdsBack, ...withoutNumber], holdsBack };
  };
  const always = () => true;
  const exactly = (copy: string) =>
    granted.has(thingOf(copy)) && isLongestLasting(organization, one, copy);

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
          (copy) => exactly(copy) || isFreeAndLeft(copy) || calling.includes(copy),
          false,
        );
        // R29b.
        const left = one.holds.filter((copy) => calling.includes(copy) && !granted.has(copy));
        return { ...all, blocked: [...all.blocked, ...left] };
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

/** R39; R60: never two kinds of Calling, and nobody is taken from Professional to Standard. */
function isForbidden(one: Person, thing: string, beside: string[]): boolean {
  if (thing === professional) return beside.includes(standard);
  if (thing === standard) return [...beside, ...one.holds].includes(professional);
  return thing.startsWith('attendee:') && one.administers.includes(siteOf(thing));
}

/** R57, and licenses that the organization doesn't own. */
function isUntouchable({ listed }: Organization, copy: string): boolean {
  return copy === 'FSS' || (!copy.startsWith('attendee:') && !listed.includes(copy));
}

/** R45: no end is longest, and among equals the oldest stays. */
function isLongestLasting({ listed, ends }: Organization, one: Person, copy: string): boolean {
  const same = one.holds.filter(
    (other) => thingOf(other) === thingOf(copy) && listed.includes(other),
  );
  const outlasts = (other: string) => {
    const [end, otherEnd] = [copy, other].map((it) => ends[it.split('#')[1] ?? '1'] ?? 'never');
    return otherEnd! > end! || (otherEnd === end && other < copy);
  };
  return !same.some(outlasts);
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
