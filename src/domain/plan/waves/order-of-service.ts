import { at } from '../../model/at';
import type { Place } from '../../units/unit-stock';
import type { CandidateNumber, SurveyColumns } from '../survey/survey-columns';

/** Order of service: users named for the pilot first, then by hash, never by the order of input (R46). */
export interface OrderOfService {
  /** Candidate number at each place. */
  candidates: Uint32Array;
  /** Null: out of scope. */
  placeOf: (candidate: CandidateNumber) => Place | null;
  /** How many are named for the pilot; they have the first places. */
  named: number;
}

const noPlace = 0xffffffff;

export function orderOfService(columns: SurveyColumns, hasPilot: boolean): OrderOfService {
  const isNamed = (one: CandidateNumber) => hasPilot && columns.isNamedAt(one);
  const candidates = candidatesInScope(columns);
  const rank = (one: CandidateNumber) => (isNamed(one) ? 0 : 1);
  candidates.sort((a, b) => rank(a) - rank(b) || columns.hashAt(a) - columns.hashAt(b) || a - b);
  const places = new Uint32Array(columns.count()).fill(noPlace);
  let named = 0;
  for (let place: Place = 0; place < candidates.length; place += 1) {
    const candidate = at(candidates, place);
    places[candidate] = place;
    if (isNamed(candidate)) named += 1;
  }
  return {
    candidates,
    placeOf: (candidate) => {
      const place = at(places, candidate, 'candidate');
      return place === noPlace ? null : place;
    },
    named,
  };
}

function candidatesInScope(columns: SurveyColumns): Uint32Array {
  const candidates = new Uint32Array(columns.count());
  let count = 0;
  for (let candidate: CandidateNumber = 0; candidate < candidates.length; candidate += 1) {
    if (columns.shapeAt(candidate) === null) continue;
    candidates[count] = candidate;
    count += 1;
  }
  return candidates.subarray(0, count);
}
