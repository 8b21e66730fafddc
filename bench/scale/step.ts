import type { Bench, Figure } from '../figure';
import type { LargeOrganization } from './large-organization';

/** A line of the table before it is measured. */
export type Wanted = Pick<Figure, 'figure' | 'goal'>;

/** A part of the measurements on one large organization. */
export interface ScaleStep {
  letter: string;
  about: string;
  /** At most, on two cores. */
  seconds: number;
  /** What it measures, for the lines of a step that could not be finished. */
  wanted: (users: string) => Wanted[];
  /** Hands over each result as soon as there is one, in the order of `wanted`. */
  run: (bench: Bench, organization: LargeOrganization, found: Found) => Promise<void>;
}

/** What was measured; its line is the next one of those that are wanted. */
export type Found = (result: Omit<Figure, 'figure' | 'goal' | 'unreached'>) => void;

/** The lines of what was not measured, each with the reason. */
export function notMeasured(wanted: readonly Wanted[], why: string): Figure[] {
  return wanted.map((line) => ({
    ...line,
    measured: '–',
    peer: '',
    ratio: '',
    isMet: false,
    unreached: why,
  }));
}
