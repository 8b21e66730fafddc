import type { Allocation } from '../units/allocate-units';
import { cutWaves } from './cut-waves';
import type { PlanWave } from './plan-summary';
import type { RolloutRequest } from '../request/rollout-request';

export interface ScheduleInput {
  request: Pick<RolloutRequest, 'pilot' | 'waves'>;
  allocation: Allocation;
  /** Places of the users who will be written, in order of service. */
  written: readonly number[];
  /** Places before this one belong to users named for the pilot. */
  namedPlaces: number;
  /** All places. */
  places: number;
}

export interface Schedule {
  waves: PlanWave[];
  /** By place; -1 where nothing is written. */
  waveAt: Int16Array;
  stepAt: Int32Array;
  /** 1-based order of service by place; 0 where nothing is written. */
  seqAt: Uint32Array;
}

/**
 * Puts the users who will be written into pilot, waves and steps. Whoever takes a unit that another
 * one frees comes after that one: later in the order, and a step later inside the same wave (R46).
 */
export function scheduleWaves(input: ScheduleInput): Schedule {
  const { allocation, places, namedPlaces, request } = input;
  const { servedAfter, depth } = allocation;
  const order = [...input.written].sort(
    (a, b) =>
      (servedAfter[a] ?? 0) - (servedAfter[b] ?? 0) || (depth[a] ?? 0) - (depth[b] ?? 0) || a - b,
  );
  const named = order.filter((place) => (servedAfter[place] ?? 0) < namedPlaces).length;
  const { pilot, waves } = request;
  const cohorts = cutWaves({ changed: order.length, named, pilot, waves });
  const schedule: Schedule = {
    waves: [],
    waveAt: new Int16Array(places).fill(-1),
    stepAt: new Int32Array(places).fill(-1),
    seqAt: new Uint32Array(places),
  };
  let from = 0;
  for (const { wave, users, soakSeconds } of cohorts) {
    const members = order.slice(from, from + users);
    const steps = stepsOf(members, wave, allocation, schedule);
    let seq = from;
    const ranges = steps.map((step, number) => {
      const fromSeq = seq + 1;
      for (const place of step) schedule.seqAt[place] = seq += 1;
      return { step: number, fromSeq, toSeq: seq };
    });
    schedule.waves.push({ wave, users, soakSeconds, steps: ranges });
    from += users;
  }
  return schedule;
}

/** Members of one wave by step; suppliers of the same wave stand before, so one pass will do. */
function stepsOf(
  members: readonly number[],
  wave: number,
  allocation: Allocation,
  { waveAt, stepAt }: Schedule,
): number[][] {
  const steps: number[][] = [];
  for (const place of members) {
    const before = allocation.depth[place] === 0 ? [] : allocation.suppliersOf(place);
    const step = before
      .filter((supplier) => waveAt[supplier] === wave)
      .reduce((last, supplier) => Math.max(last, (stepAt[supplier] ?? 0) + 1), 0);
    waveAt[place] = wave;
    stepAt[place] = step;
    (steps[step] ??= []).push(place);
  }
  return steps;
}
