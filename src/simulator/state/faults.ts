import { createRandom } from '../organization/random';
import type { Faults, Settings } from './settings';

type FaultName = keyof Faults;

/** What the caller gets instead of the true answer: a status, or a reset connection. */
export type Lie = 'reset' | { status: number; retryAfterSeconds: number | null };

/** The faults that strike one call. */
export interface Struck {
  names: string[];
  /** Answered without doing the work. */
  before: Lie | null;
  /** Answered although the work was done. */
  after: Lie | null;
  distortion: Distortion;
  slowMs: number;
}

/** Draws faults; each has its own random numbers, so that one fault doesn't change another. */
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
    const struck = <Name extends FaultName>(name: Name): Faults[Name] | null =>
      names.includes(name) ? faults[name] : null;
    const locked = struck('locked423');
    return {
      names,
      before: struck('resetBefore')
        ? 'reset'
        : locked
          ? { status: 423, ...locked }
          : struck('error5xxBefore'),
      after: struck('resetAfter') ? 'reset' : struck('error5xxAfter'),
      distortion: distortions.find((name) => names.includes(name)) ?? null,
      slowMs: this.slowMs(struck('slow')),
    };
  }

  private slowMs(slow: Faults['slow']): number {
    if (!slow) return 0;
    return slow.minMs + this.stream('slow', slow.seed)() * (slow.maxMs - slow.minMs);
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

/** The first that strikes decides. */
const distortions = ['half206', 'ineffectiveRemoval200'] as const;

/** How a fault changes the work: only the first half is done, or no removals. */
export type Distortion = (typeof distortions)[number] | null;
