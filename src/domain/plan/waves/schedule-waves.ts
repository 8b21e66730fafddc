import { at } from '../../model/at';
import type { RolloutRequest } from '../../request/rollout-request';
import type { Allocation } from '../../units/allocate-units';
import type { Place } from '../../units/unit-stock';
import { cutWaves } from './cut-waves';
import type { PlanStep, PlanWave } from '../plan-summary';
import type { PlannedUser } from '../planned-user';

export interface ScheduleInput {
  request: Pick<RolloutRequest, 'pilot' | 'waves'>;
  allocation: Allocation;
  /** Places of the users who will be written, in order of service. */
  written: readonly Place[];
  /** Places before this one belong to users named for the pilot. */
  namedPlaces: number;
  /** All places. */
  places: number;
}

/** A row's number from 1 in the plan. */
export type Seq = number & { readonly numbers?: 'rows' };

/** Where a row stands; wave and step are null where nothing is written. */
export interface ScheduledPlace {
  seq: Seq;
  wave: number | null;
  step: number | null;
}

export interface Schedule {
  waves: PlanWave[];
  /** Users named for the pilot who need units that users of a later wave free, in order of service. */
  movedFromPilot: readonly Place[];
  /** Numbers the rows without a write after those with one. */
  appendResting(placesBy: Readonly<Record<PlannedUser['outcome'], readonly Place[]>>): void;
  at(place: Place): ScheduledPlace;
}

/** In this order rows without a write follow those with one. */
const restingOutcomes = [
  'waiting-for-seat',
  'host-pending',
  'blocked',
  'excluded',
  'unchanged',
] as const;
const none = -1;

/** By place; the columns of a schedule. */
interface Columns {
  wave: Int16Array;
  step: Int32Array;
  seq: Uint32Array;
}

/**
 * Puts the users who will be written into pilot, waves and steps. A user who gets a unit that
 * another one frees comes after that one: later in the order, and a step later in the same wave (R46).
 */
export function scheduleWaves(input: ScheduleInput): Schedule {
  const { allocation, places, namedPlaces, request } = input;
  const order = writingOrder(input);
  const named = order.filter((place) => at(allocation.servedAfter, place) < namedPlaces).length;
  const columns: Columns = {
    wave: new Int16Array(places).fill(none),
    step: new Int32Array(places).fill(none),
    seq: new Uint32Array(places),
  };
  let last: Seq = 0;
  const number = (members: readonly Place[]) => {
    for (const place of members) {
      last += 1;
      columns.seq[place] = last;
    }
    return last;
  };
  const { pilot, waves } = request;
  const cuts = cutWaves({ changed: order.length, named, pilot, waves });
  let from = 0;
  const scheduled = cuts.map(({ wave, users, soakSeconds }): PlanWave => {
    const steps = stepsOf(order.slice(from, from + users), wave, allocation, columns);
    from += users;
    const ranges = steps.map((members, step): PlanStep => {
      const fromSeq = last + 1;
      return { step, fromSeq, toSeq: number(members) };
    });
    return { wave, users, soakSeconds, steps: ranges };
  });
  return {
    waves: scheduled,
    movedFromPilot: order.filter(
      (place) => place < namedPlaces && at(allocation.servedAfter, place) >= namedPlaces,
    ),
    appendResting: (placesBy) => {
      for (const outcome of restingOutcomes) number(placesBy[outcome]);
    },
    at: (place) => rowAt(columns, place),
  };
}

/** Suppliers before those whom they supply. */
function writingOrder({ allocation, written }: ScheduleInput): Place[] {
  const { servedAfter, depth } = allocation;
  return [...written].sort(
    (a, b) => at(servedAfter, a) - at(servedAfter, b) || at(depth, a) - at(depth, b) || a - b,
  );
}

/** Members of one wave by step; suppliers of the same wave stand before, so one pass will do. */
function stepsOf(
  members: readonly Place[],
  wave: number,
  allocation: Allocation,
  columns: Columns,
): Place[][] {
  const steps: Place[][] = [];
  for (const place of members) {
    const suppliers = allocation.depth[place] === 0 ? [] : allocation.suppliersOf(place);
    const step = suppliers
      .filter((supplier) => columns.wave[supplier] === wave)
      .reduce((last, supplier) => Math.max(last, at(columns.step, supplier) + 1), 0);
    columns.wave[place] = wave;
    columns.step[place] = step;
    (steps[step] ??= []).push(place);
  }
  return steps;
}

function rowAt(columns: Columns, place: Place): ScheduledPlace {
  const [seq, wave] = [at(columns.seq, place, 'place'), at(columns.wave, place, 'place')];
  if (wave === none) return { seq, wave: null, step: null };
  return { seq, wave, step: at(columns.step, place, 'place') };
}
