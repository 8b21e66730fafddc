import { areExclusive } from '../licenses/offers';
import type { HeldLicense } from '../licenses/license-index';
import type { ChangeTarget } from '../model/change';
import { note, type Note } from '../model/note';
import type { CallingOffers } from '../model/settings';
import { grantKey } from '../model/target-key';
import type { Decision, Loss, Want, WantIndex } from './decision';
import { keepNeeded } from './losses';

const text = 'left out of this plan';

/** R103: nothing changes for a user whom the request leaves out; the plan shows what would have. */
export function leaveOutUser({ wants, losses, kept, blocked }: Decision): Decision {
  const named = [...wants.map(targetOfWant), ...losses.map(({ target }) => target)];
  const stopped = blocked.map(({ target }) => target);
  const notes = [...named, ...stopped].map((target) => note('excluded', text, 'R103', target));
  return {
    wants: [],
    losses: [],
    kept: [...kept, ...notes],
    blocked: [],
    removalsWait: false,
    isExcluded: true,
  };
}

export interface LeaveOutInput {
  /** `MS`, `EE`, `EE@acme.webex.com`, `attendee@acme.webex.com`. */
  offers: ReadonlySet<string>;
  held: readonly HeldLicense[];
  callingOffers: CallingOffers;
}

/**
 * R103: the decision without these offers. With them goes what makes no sense alone: the other half of
 * a replacement, what excludes something that stays, and what needs something that isn't added.
 */
export function leaveOutOffers(given: Decision, input: LeaveOutInput): Decision {
  const { held, callingOffers } = input;
  const decision = withoutAttendeesMeanwhile(given, input.offers);
  const isOut = ({ target }: Pick<Note, 'target'>) => isNamed(target, input.offers);
  const dropped = wantsLeftOut(decision, input);
  const droppedWants = decision.wants.filter((_, i) => dropped.has(i));
  // Nobody loses what they were to get something else for.
  const goesWithWant = ({ replacedByWant, target }: Loss) =>
    (replacedByWant !== null && dropped.has(replacedByWant)) ||
    droppedWants.some((want) => want.needsAllRemovals && excludes(want, target, callingOffers));
  const staying = decision.losses.filter((loss) => isOut(loss) || goesWithWant(loss));
  const blockedOut = decision.blocked.filter(isOut);
  const targets = [
    ...droppedWants.map(targetOfWant),
    ...[...staying, ...blockedOut].map(({ target }) => target),
  ];
  if (targets.length === 0) return decision;
  const blocked = decision.blocked.filter((one) => !isOut(one));
  const rest = keepNeeded(
    {
      ...withoutWants(decision, dropped),
      losses: renumbered(
        decision.losses.filter((loss) => !staying.includes(loss)),
        dropped,
      ),
      kept: [...decision.kept, ...targets.map((target) => note('excluded', text, 'R103', target))],
      blocked,
      removalsWait: decision.removalsWait && blocked.length > 0,
    },
    held,
    callingOffers,
  );
  return rest.wants.length + rest.losses.length === 0 ? { ...rest, isExcluded: true } : rest;
}

/** R36: a host without a unit isn't attendee meanwhile where the plan leaves attendees out. */
function withoutAttendeesMeanwhile(decision: Decision, offers: ReadonlySet<string>): Decision {
  const wants = decision.wants.map((want) =>
    want.kind === 'license' &&
    want.site !== null &&
    want.ifNoUnit === 'become-attendee' &&
    isNamed({ kind: 'attendee', site: want.site }, offers)
      ? { ...want, ifNoUnit: 'wait' as const }
      : want,
  );
  return { ...decision, wants };
}

/** Wants that are named, and those that can't be made without what is. */
function wantsLeftOut({ wants, losses }: Decision, input: LeaveOutInput): Set<WantIndex> {
  const { offers, callingOffers } = input;
  const stays = losses.filter(({ target }) => isNamed(target, offers));
  const out = new Set<WantIndex>();
  for (const [i, want] of wants.entries()) {
    const isTied = stays.some(
      ({ replacedByWant, target }) =>
        replacedByWant === i || (want.needsAllRemovals && excludes(want, target, callingOffers)),
    );
    if (isTied || isNamed(targetOfWant(want), offers)) out.add(i);
  }
  // Prerequisites stand before what needs them, so one pass finds all.
  for (const [i, { needs }] of wants.entries()) {
    if (needs.some((need) => out.has(need))) out.add(i);
  }
  return out;
}

function excludes(want: Want, target: ChangeTarget, callingOffers: CallingOffers): boolean {
  if (want.kind === 'attendee') return target.site === want.site;
  return target.kind === 'license' && areExclusive(want.offer, target.offer, callingOffers);
}

function withoutWants(decision: Decision, dropped: ReadonlySet<WantIndex>): Decision {
  const wants = decision.wants.flatMap((want, i) =>
    dropped.has(i) ? [] : [{ ...want, needs: want.needs.map((need) => newIndex(need, dropped)) }],
  );
  return { ...decision, wants };
}

function renumbered(losses: readonly Loss[], dropped: ReadonlySet<WantIndex>): Loss[] {
  return losses.map((loss) =>
    loss.replacedByWant === null
      ? loss
      : { ...loss, replacedByWant: newIndex(loss.replacedByWant, dropped) },
  );
}

function newIndex(old: WantIndex, dropped: ReadonlySet<WantIndex>): WantIndex {
  return old - [...dropped].filter((index) => index < old).length;
}

function isNamed(target: Note['target'], offers: ReadonlySet<string>): boolean {
  const { site } = target;
  const isAttendee = target.kind === 'attendee';
  const offer = isAttendee ? 'attendee' : target.offer;
  return offers.has(offer) || offers.has(grantKey({ kind: 'license', offer, site }));
}

function targetOfWant(want: Want): Note['target'] {
  if (want.kind === 'attendee') return { kind: 'attendee', site: want.site };
  return { kind: 'offer', offer: want.offer, site: want.site };
}
