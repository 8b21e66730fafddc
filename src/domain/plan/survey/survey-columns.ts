import { at } from '../../model/at';
import type { ShapeNumber } from '../../units/demand-shape';
import type { DecisionNumber } from './kept-decisions';

/** A candidate's number from 0 in the order of the survey. */
export type CandidateNumber = number & { readonly numbers?: 'candidates' };

/** What the survey keeps of each candidate: a hash, two numbers, a flag. */
export interface SurveyColumns {
  add(entry: SurveyEntry): void;
  count(): number;
  hashAt(candidate: CandidateNumber): number;
  /** Null: out of scope. */
  shapeAt(candidate: CandidateNumber): ShapeNumber | null;
  isNamedAt(candidate: CandidateNumber): boolean;
  /** Null: the decision wasn't kept, and is made again. */
  decisionAt(candidate: CandidateNumber): DecisionNumber | null;
}

export interface SurveyEntry {
  hash: number;
  shape: ShapeNumber | null;
  isNamed: boolean;
  decision: DecisionNumber | null;
}

const none = 0xffffffff;

/** Grows by doubling: 17 bytes per candidate, and their number isn't known before. */
export function createSurveyColumns(): SurveyColumns {
  let hashes = new Float64Array(1_024);
  let shapes = new Uint32Array(1_024);
  let named = new Uint8Array(1_024);
  let decisions = new Uint32Array(1_024);
  let count = 0;
  const grow = () => {
    hashes = copyInto(new Float64Array(count * 2), hashes);
    shapes = copyInto(new Uint32Array(count * 2), shapes);
    named = copyInto(new Uint8Array(count * 2), named);
    decisions = copyInto(new Uint32Array(count * 2), decisions);
  };
  return {
    add({ hash, shape, isNamed, decision }) {
      if (count === hashes.length) grow();
      hashes[count] = hash;
      shapes[count] = shape ?? none;
      decisions[count] = decision ?? none;
      named[count] = isNamed ? 1 : 0;
      count += 1;
    },
    count: () => count,
    hashAt: (candidate) => at(hashes, candidate, 'candidate'),
    shapeAt: (candidate) => numberAt(shapes, candidate),
    decisionAt: (candidate) => numberAt(decisions, candidate),
    isNamedAt: (candidate) => named[candidate] === 1,
  };
}

function numberAt(numbers: Uint32Array, candidate: CandidateNumber): number | null {
  const number = at(numbers, candidate, 'candidate');
  return number === none ? null : number;
}

function copyInto<T extends Float64Array | Uint32Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
