import { at } from '../../model/at';
import type { ShapeNumber } from '../../units/demand-shape';

/** A candidate's number from 0 in the order of the survey. */
export type CandidateNumber = number & { readonly numbers?: 'candidates' };

/** What the survey keeps of each candidate: a hash, a shape, a flag. */
export interface SurveyColumns {
  add(entry: SurveyEntry): void;
  count(): number;
  hashAt(candidate: CandidateNumber): number;
  /** Null: out of scope. */
  shapeAt(candidate: CandidateNumber): ShapeNumber | null;
  isNamedAt(candidate: CandidateNumber): boolean;
}

export interface SurveyEntry {
  hash: number;
  shape: ShapeNumber | null;
  isNamed: boolean;
}

const outOfScope = 0xffffffff;

/** Grows by doubling: 13 bytes per candidate, and their number isn't known before. */
export function createSurveyColumns(): SurveyColumns {
  let hashes = new Float64Array(1_024);
  let shapes = new Uint32Array(1_024);
  let named = new Uint8Array(1_024);
  let count = 0;
  const grow = () => {
    hashes = copyInto(new Float64Array(count * 2), hashes);
    shapes = copyInto(new Uint32Array(count * 2), shapes);
    named = copyInto(new Uint8Array(count * 2), named);
  };
  return {
    add({ hash, shape, isNamed }) {
      if (count === hashes.length) grow();
      hashes[count] = hash;
      shapes[count] = shape ?? outOfScope;
      named[count] = isNamed ? 1 : 0;
      count += 1;
    },
    count: () => count,
    hashAt: (candidate) => at(hashes, candidate, 'candidate'),
    shapeAt: (candidate) => {
      const shape = at(shapes, candidate, 'candidate');
      return shape === outOfScope ? null : shape;
    },
    isNamedAt: (candidate) => named[candidate] === 1,
  };
}

function copyInto<T extends Float64Array | Uint32Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
