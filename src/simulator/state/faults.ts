import { createRandom } from '../organization/random';
import type { Faults, Settings } from './settings';

type FaultName = keyof Faults;

/** What the caller is told instead of the truth: a status, or a cut connection. */
export type Lie = 'reset' | { status: number; retryAfterSeconds: number | null };

/** The faults that strike one call. */
export interface Struck {
  names: string[];
  /** Told without doing the work. */
  before: Lie | null;
  /** Told although the work was done. */
  after: Lie | null;
  distortion: Distortion;
  slowMs: number;
}

/** Draws faults; each has its own stream of numbers, so that one doesn't shift another. */
export class FaultDraws {
  private drawn: Faults | undefined;
  private readonly streams = new Map<FaultName, () => number>();
  private readonly strikes = new Map<FaultName, number>();

  constructor(private readonly settings: () => Settings['faults']) {}

  draw(call: { isWrite: boolean; persons: readonly string[] }): Struck {
    const faults = this.settings();
    if (faults !== this.drawn) {
      this.streams.clear();
      this.strikes.clear();
      this.drawn = faults;
    }
    const names = (Object.keys(faults) as FaultName[]).filter((name) => this.isStruck(name, call));
    const has = (name: FaultName): boolean => names.includes(name);
    const { slow, locked423, error5xxBefore, error5xxAfter } = faults;
    const locked = locked423 && has('locked423') ? { status: 423, ...locked423 } : null;
    const early = error5xxBefore && has('error5xxBefore') ? error5xxBefore : null;
    const late = error5xxAfter && has('error5xxAfter') ? error5xxAfter : null;
    return {
      names,
      before: has('resetBefore') ? 'reset' : (locked ?? early),
      after: has('resetAfter') ? 'reset' : late,
      distortion: has('half206')
        ? 'half206'
        : has('ineffectiveRemoval200')
          ? 'ineffectiveRemoval200'
          : null,
      slowMs: slow && has('slow') ? this.between(slow.minMs, slow.maxMs, slow.seed) : 0,
    };
  }

  private between(min: number, max: number, seed: number): number {
    return min + this.stream('slow', seed)() * (max - min);
  }

  private isStruck(
    name: FaultName,
    call: { isWrite: boolean; persons: readonly string[] },
  ): boolean {
    const fault = this.drawn?.[name];
    if (!fault || (fault.on !== 'all' && (fault.on === 'writes') !== call.isWrite)) return false;
    const wanted = fault.personIds;
    if (wanted && !call.persons.some((person) => wanted.includes(person))) return false;
    const count = this.strikes.get(name) ?? 0;
    if (fault.times !== null && count >= fault.times) return false;
    if (this.stream(name, fault.seed)() >= fault.probability) return false;
    this.strikes.set(name, count + 1);
    return true;
  }

  private stream(name: FaultName, seed: number): () => number {
    const stream = this.streams.get(name) ?? createRandom(seed);
    this.streams.set(name, stream);
    return stream;
  }
}

/** How a fault bends the work: the first half only, or no removals. */
export type Distortion = 'half206' | 'ineffectiveRemoval200' | null;
