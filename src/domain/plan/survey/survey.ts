import type { Decision } from '../../decide/decision';
import { touchedFeatureKeys } from '../../features/feature-totals';
import { holdingsIn, unitsLeftOf, type LicenseIndex } from '../../licenses/license-index';
import type { Candidate } from '../../kinds/candidate';
import { needsCallingProperties } from '../../licenses/offers';
import { at } from '../../model/at';
import type { CallingOffers } from '../../model/settings';
import { createShapeRegister, type DemandShape, type ShapeNumber } from '../../units/demand-shape';
import { createKeptDecisions, type KeptDecision } from './kept-decisions';
import { createSurveyCounts, type SurveyCounts } from './survey-counts';
import { type CandidateNumber, createSurveyColumns, type SurveyColumns } from './survey-columns';

/** A user whom the summary may have to name. */
export interface NamedUser {
  personId: string;
  email: string;
}

/** What the first pass leaves behind. */
export interface Survey {
  add(candidate: Candidate, hash: number, decision: Decision | null): void;
  columns: SurveyColumns;
  shapes: readonly DemandShape[];
  /** What is written about many users alike, by the numbers in the columns. */
  decisions: readonly KeptDecision[];
  /** Users who may be in a ring or lose Calling permanently, and those named for the pilot. */
  named: ReadonlyMap<CandidateNumber, NamedUser>;
  counts: SurveyCounts;
}

/** The summary lists at most 100 rings and users; more names than this are never kept. */
const maxKept = 20_000;

export function createSurvey(
  index: LicenseIndex,
  callingOffers: CallingOffers,
  kept = createKeptDecisions(),
): Survey {
  const register = createShapeRegister();
  const columns = createSurveyColumns();
  const named = new Map<CandidateNumber, NamedUser>();
  const counts = createSurveyCounts();
  const shapeNumbers = new WeakMap<Decision, ShapeNumber>();
  // A decision stands for users who hold the same: their holdings are read once.
  const numberOf = (decision: Decision, { holdings }: Candidate): ShapeNumber => {
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
        if (named.size < maxKept && (candidate.inPilot || mayBeNamed(decision, index))) {
          named.set(columns.count(), { personId, email });
        }
        counts.add(candidate, decision);
      }
      columns.add({
        hash,
        shape,
        isNamed: candidate.inPilot,
        decision:
          decision === null || hasOwnProperties(decision, candidate, callingOffers)
            ? null
            : kept.numberOf(decision, candidate.holdings),
      });
    },
    columns,
    shapes: register.shapes,
    decisions: kept.decisions,
    named,
    counts,
  };
}

/** Shape number of the candidate at each place. */
export function shapesAt({ columns }: Survey, candidates: Uint32Array): Uint32Array {
  return candidates.map((candidate) => {
    const shape = columns.shapeAt(candidate);
    if (shape === null) throw new Error(`Candidate ${candidate} is out of scope`);
    return shape;
  });
}

/** Calling comes with a location and a number, which each user has alone. */
function hasOwnProperties(
  { wants }: Decision,
  { calling }: Candidate,
  callingOffers: CallingOffers,
): boolean {
  return (
    calling?.can === true &&
    wants.some(
      (want) => want.kind === 'license' && needsCallingProperties(want.offer, callingOffers),
    )
  );
}

function licensesOf({ wants, losses }: Decision): { offer: string; site: string | null }[] {
  const lost = losses.flatMap(({ target }) => (target.kind === 'license' ? [target] : []));
  return [...wants.filter((want) => want.kind === 'license'), ...lost];
}

function mayBeNamed({ wants, losses }: Decision, index: LicenseIndex): boolean {
  if (losses.some(({ isIrreversible }) => isIrreversible)) return true;
  if (!wants.some(({ kind }) => kind === 'license')) return false;
  return losses.some(
    ({ position }) =>
      position !== null && unitsLeftOf(at(index.licenses, position, 'license')) !== null,
  );
}
