import type { Decision } from '../decide/decision';
import { touchedFeatureKeys } from '../features/feature-totals';
import { holdingsIn, unitsLeftOf, type LicenseIndex } from '../licenses/license-index';
import type { Candidate } from '../kinds/candidate';
import type { CallingOffers } from '../model/settings';
import { createShapeRegister, type DemandShape } from '../units/demand-shape';
import { createSurveyColumns, type SurveyColumns } from './survey-columns';

/** A user whom the summary may have to name. */
export interface NamedUser {
  personId: string;
  email: string;
}

/** What the first pass leaves behind. */
export interface Survey {
  add(candidate: Candidate, hash: number, decision: Decision | null): void;
  book: SurveyColumns;
  shapes: readonly DemandShape[];
  /** By number of the candidate: those who may stand in a ring or lose Calling for good. */
  named: ReadonlyMap<number, NamedUser>;
  /** Users in scope who hold an unlisted license, by offer. */
  unlistedHolders: ReadonlyMap<string, number>;
}

/** The summary lists at most 100 rings and users; more names than this are never kept. */
const mostNamed = 20_000;

export function createSurvey(index: LicenseIndex, callingOffers: CallingOffers): Survey {
  const register = createShapeRegister();
  const book = createSurveyColumns();
  const named = new Map<number, NamedUser>();
  const unlistedHolders = new Map<string, number>();
  const shapeNumbers = new WeakMap<Decision, number>();
  // A decision stands for users who hold the same: what they hold is looked at once.
  const numberOf = (decision: Decision, { holdings }: Candidate): number => {
    const known = shapeNumbers.get(decision);
    if (known !== undefined) return known;
    const held = holdingsIn(index, holdings.licenses);
    const changed = licensesOf(decision);
    const shape = register.numberOf(decision, touchedFeatureKeys({ held, changed, callingOffers }));
    shapeNumbers.set(decision, shape);
    return shape;
  };
  return {
    add(candidate, hash, decision) {
      const shape = decision === null ? null : numberOf(decision, candidate);
      if (decision !== null) {
        const { personId, email } = candidate;
        if (named.size < mostNamed && mayBeNamed(decision, index)) {
          named.set(book.count(), { personId, email });
        }
        countUnlisted(decision, unlistedHolders);
      }
      book.add({ hash, shape, isNamed: candidate.inPilot });
    },
    book,
    shapes: register.shapes,
    named,
    unlistedHolders,
  };
}

function licensesOf({ wants, losses }: Decision): { offer: string; site: string | null }[] {
  const lost = losses.flatMap(({ target }) => (target.kind === 'license' ? [target] : []));
  return [...wants.filter(({ pool }) => pool !== null), ...lost];
}

function mayBeNamed({ wants, losses }: Decision, index: LicenseIndex): boolean {
  if (losses.some(({ isIrreversible }) => isIrreversible)) return true;
  const frees = losses.some(({ position }) => {
    const license = position === null ? undefined : index.licenses[position];
    return license !== undefined && unitsLeftOf(license) !== null;
  });
  return frees && wants.some(({ pool }) => pool !== null);
}

function countUnlisted({ kept }: Decision, holders: Map<string, number>): void {
  for (const { code, target } of kept) {
    if (code !== 'unlisted' || target.kind === 'attendee') continue;
    holders.set(target.offer, (holders.get(target.offer) ?? 0) + 1);
  }
}
