/**
 * How a plan is divided among the shards of its rollout, and what that costs the rollout's workflow.
 * Temporal ends a workflow after 51,200 events and takes 10,000 signals, so both have a budget for the
 * whole rollout, whatever the plan looks like.
 */
import type { PlanStep, PlanWave } from '../plan/plan-summary';

/** Steps with this many users or more are written by two shards at once. */
const secondShardFrom = 100;
/** Steps of a rollout that may have shards of their own; each wave has an equal part of them. */
const ownShardsPerRollout = 200;
/** Events for the waves and reports of a rollout: reports have what its waves leave, within these limits. */
const eventsToSpend = 9_600;
const mostReports = { perRollout: 2_000, perWave: 400 };
/** Between two reports there are at least this many users; fewer in shards of less than 100. */
const leastUsers = { few: 10, many: 40 };

/** Rows that one shard writes. */
export interface ShardRange {
  fromSeq: number;
  toSeq: number;
}

/**
 * The steps of a wave, of which only the large ones stay alone: between them, all are merged into one
 * range whose shard writes step after step. So a wave has few ranges, however many steps it has.
 */
export function mergeSteps(wave: Pick<PlanWave, 'users' | 'steps'>, waves: number): PlanStep[] {
  const largeFrom = Math.max(
    secondShardFrom,
    Math.ceil(wave.users / share(ownShardsPerRollout, waves)),
  );
  const merged: PlanStep[] = [];
  let isOpen = false;
  for (const step of wave.steps) {
    const isLarge = step.lastStep === undefined && usersOf(step) >= largeFrom;
    const last = merged.at(-1);
    if (last && isOpen && !isLarge) {
      merged[merged.length - 1] = {
        ...last,
        toSeq: step.toSeq,
        lastStep: step.lastStep ?? step.step,
      };
    } else {
      merged.push(step);
    }
    isOpen = !isLarge;
  }
  return merged;
}

/** The ranges of a step that are written side by side: one where its steps must follow each other. */
export function shardsOf(step: PlanStep): ShardRange[] {
  const { fromSeq, toSeq } = step;
  const users = usersOf(step);
  if (users < secondShardFrom || step.lastStep !== undefined) return [{ fromSeq, toSeq }];
  const middle = fromSeq + Math.floor(users / 2);
  return [
    { fromSeq, toSeq: middle - 1 },
    { fromSeq: middle, toSeq },
  ];
}

/** Events in the history of a rollout's workflow, at most. A workflow task is three of them. */
const eventsOf = {
  /** Planning, start, two verifications and the end. */
  rollout: 150,
  /**
   * Reading the wave again 6, its groups a second time 17, soaking 11, judging the gate 6, waiting for a
   * promotion 7, and the promotion 12.
   */
  wave: 60,
  /** Initiated, started, completed, and a workflow task for each of the last two. */
  child: 9,
  /** A signal and its workflow task. */
  report: 4,
};

/**
 * Users between two reports of a shard, so that all shards of all waves stay within the budget. What is
 * left at its end needs no report: it is the shard's result.
 */
export function reportEvery(range: ShardRange, waveUsers: number, waves: number): number {
  const reports = Math.min(mostReports.perWave, share(reportBudget(waves), waves));
  const least = usersOf(range) < secondShardFrom ? leastUsers.few : leastUsers.many;
  return Math.max(least, Math.ceil(waveUsers / reports));
}

/** Reports that all shards of a rollout may send together. */
function reportBudget(waves: number): number {
  const perWave = eventsOf.wave + 2 * eventsOf.child;
  const left = eventsToSpend - eventsOf.rollout - waves * perWave;
  return Math.min(mostReports.perRollout, Math.max(0, Math.floor(left / eventsOf.report)));
}

export interface WorkflowCost {
  /** Shards, the rollout's children. */
  shards: number;
  /** Signals from them. */
  reports: number;
  events: number;
}

/**
 * What a plan costs the workflow of its rollout at most, without the actions of people; with `from`, what
 * that wave and those after it cost.
 */
export function workflowCost(waves: readonly PlanWave[], from: number | null = null): WorkflowCost {
  let shards = 0;
  let reports = 0;
  const left = waves.filter(({ wave }) => from === null || wave >= from);
  for (const wave of left) {
    for (const range of mergeSteps(wave, waves.length).flatMap(shardsOf)) {
      shards += 1;
      reports += Math.floor(usersOf(range) / reportEvery(range, wave.users, waves.length));
    }
  }
  const events =
    eventsOf.rollout +
    eventsOf.wave * left.length +
    eventsOf.child * shards +
    eventsOf.report * reports;
  return { shards, reports, events };
}

/** What one of so many waves may have of a budget. */
function share(budget: number, waves: number): number {
  return Math.max(1, Math.floor(budget / Math.max(1, waves)));
}

function usersOf({ fromSeq, toSeq }: ShardRange): number {
  return toSeq - fromSeq + 1;
}
