import type { WantIndex } from '../decide/decision';
import type { LicenseIndex, LicensePosition } from '../licenses/license-index';
import { memoized } from '../model/memoized';
import type { CallingOffers } from '../model/settings';
import type { Place } from '../units/unit-stock';
import { assembleUser, type AssembledUser } from './assemble-user';
import type { PlannedUser } from './planned-user';
import type { DecisionNumber, KeptDecision } from './survey/kept-decisions';

/** What many users of a plan have in common: everything about them but who they are and when they are written. */
export type PlanContent = Pick<PlannedUser, 'before'> & AssembledUser;

export interface ContentInput {
  index: LicenseIndex;
  callingOffers: CallingOffers;
  decisions: readonly KeptDecision[];
  licenseFor: (place: Place, want: WantIndex) => LicensePosition | null;
}

/** A user whose decision was kept. */
export interface KeptUser {
  number: DecisionNumber;
  place: Place;
  isInRing: boolean;
}

/** The content of users whose decision was kept: one object for all who are given the same. */
export function createContents(input: ContentInput): (user: KeptUser) => PlanContent {
  const keptAt = (number: DecisionNumber): KeptDecision => {
    const kept = input.decisions[number];
    if (!kept) throw new Error(`Decision ${number} was not kept`);
    return kept;
  };
  const { index, callingOffers, licenseFor } = input;
  return memoized(
    ({ number, place, isInRing }) => {
      const { wants } = keptAt(number).decision;
      let key = isInRing ? `${number} ring` : String(number);
      for (let want = 0; want < wants.length; want += 1) {
        key += ` ${licenseFor(place, want) ?? '-'}`;
      }
      return key;
    },
    ({ number, place, isInRing }) => {
      const { decision, before } = keptAt(number);
      return {
        before,
        ...assembleUser({
          decision,
          before,
          index,
          licenseFor: (want) => licenseFor(place, want),
          callingOffers,
          isInRing,
        }),
      };
    },
  );
}
