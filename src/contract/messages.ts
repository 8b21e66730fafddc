/**
 * The messages of the jobs: updates and the query of clients, signals between parent and children.
 * Wire names never change.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor } from '../domain/model/actor';
import type { OutcomeCounts } from '../domain/model/outcome';
import type { JobControl, ShardReport } from '../domain/rollout/job-state';
import type { Phase } from '../domain/rollout/rollout-phase';

/** Every action names who asks and the phase that they saw: a late action is rejected. */
export interface ActionInput {
  actor: Actor;
  /** `rollout.phase_version` as the caller saw it. */
  expectedPhaseVersion: number;
  reason: string;
}

export interface StartInput extends ActionInput {
  /** Digest of the plan that the caller has read. */
  digest: string;
}

export interface ReplanInput extends ActionInput {
  /** Names the request that is kept with the rollout: what is planned would not fit into a message. */
  requestId: string;
}

export interface SetPaceInput extends ActionInput {
  writesPerSecond: number;
}

/** Where the rollout stands after an action. */
export interface ActionResult {
  phase: Phase;
  phaseVersion: number;
  paused: boolean;
}

/**
 * Updates. Rejections are `ApplicationFailure`s with a type of `failure.ts`:
 * `ActionNotAllowed` (details: phase, allowed actions), `ActionTooLate`, `DigestMismatch`,
 * `OrganizationBusy` (details: the other rollout's id), `GuardTripped`, `PaceInvalid`.
 */
export const startUpdate = defineUpdate<ActionResult, [StartInput]>('start');
export const discardUpdate = defineUpdate<ActionResult, [ActionInput]>('discard');
export const replanUpdate = defineUpdate<ActionResult, [ReplanInput]>('replan');
export const promoteUpdate = defineUpdate<ActionResult, [ActionInput]>('promote');
export const pauseUpdate = defineUpdate<ActionResult, [ActionInput]>('pause');
export const resumeUpdate = defineUpdate<ActionResult, [ActionInput]>('resume');
export const abortUpdate = defineUpdate<ActionResult, [ActionInput]>('abort');
export const setPaceUpdate = defineUpdate<ActionResult, [SetPaceInput]>('setPace');

/** What the rollout is doing, from the workflow's own memory. */
export interface JobProgress {
  phase: Phase;
  phaseVersion: number;
  paused: boolean;
  /** Wave being written or judged; null before the first. */
  wave: number | null;
  waves: number;
  /** One line for people: what the rollout waits for. */
  waitingFor: string | null;
  /** Users by outcome, as of the last report of the shards. */
  counts: OutcomeCounts;
  total: number;
  /** Epoch milliseconds after which users are `unconverged`; null before verification. */
  deadlineAt: number | null;
}
export const progressQuery = defineQuery<JobProgress>('progress');

/** What a rollout waits for and its workflow can't know. */
export interface ToldWaits {
  /** `rollout.phase_version` to which it belongs: a workflow that has moved on drops it. */
  phaseVersion: number;
  /** One line for people; null: nothing but what the workflow knows. */
  waitsFor: string | null;
}
/** From upkeep to a job and its children, for their details. It changes nothing else. */
export const waitsSignal = defineSignal<[ToldWaits]>('waits');

/** From a job to its running children. */
export const controlSignal = defineSignal<[JobControl]>('control');

/** From a shard to its rollout. */
export const reportSignal = defineSignal<[ShardReport]>('report');
