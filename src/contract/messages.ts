/**
 * The wire of the jobs: workflow ids, updates, queries, task queues. Wire names never change.
 * Shared by the workflows, the API and the worker; types only beside the definitions.
 */
import type { SearchAttributePair } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Phase } from '../domain/rollout/rollout-phase';
import type { Outcome } from '../domain/model/outcome';
import { mainTaskQueue, rolloutWorkflowId } from './ids';
import { orgAttribute, phaseAttribute, templateAttribute } from './search-attributes';

/** Workflow type names, for clients. */
export const rolloutWorkflow = 'rollout';
export const retryFailedWorkflow = 'retryFailed';
export const observeDirectoryWorkflow = 'observeDirectory';
export const watchDirectoryWorkflow = 'watchDirectory';

export interface Actor {
  name: string;
  role: string;
}

/** Argument of `rollout`. */
export interface RolloutInput {
  orgId: string;
  rolloutId: string;
  /** A reaction of the watch: it plans from what the watch has read, and starts itself. */
  automatic?: true;
}

/** Argument of `retryFailed`. */
export interface RetryInput {
  orgId: string;
  rolloutId: string;
  /** 1 for the first retry of this rollout. */
  n: number;
  /** `phase_version` after the API took the rollout up again as `rolling-out`. */
  phaseVersion: number;
}

/** Argument of `observeDirectory`. */
export interface ObserveInput {
  orgId: string;
  /** Who vouches for member lists that shrank beyond belief: they are taken over. */
  dropsAcceptedBy?: Actor;
}

/** Argument of `watchDirectory`. */
export interface WatchInput {
  orgId: string;
}

/** What starting a stored rollout's workflow takes. */
export interface StartableRollout {
  orgId: string;
  orgUuid: string;
  rolloutId: string;
  title: string;
  createdBy: string;
  templateId: string | null;
  automatic?: boolean;
}

/** What client code needs to start the workflow of a stored rollout row; starting twice is harmless. */
export function rolloutStart(row: StartableRollout): {
  workflowId: string;
  taskQueue: string;
  workflowIdConflictPolicy: 'USE_EXISTING';
  workflowIdReusePolicy: 'REJECT_DUPLICATE';
  args: [RolloutInput];
  staticSummary: string;
  staticDetails: string;
  typedSearchAttributes: SearchAttributePair[];
} {
  return {
    workflowId: rolloutWorkflowId(row.orgUuid, row.rolloutId),
    taskQueue: mainTaskQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [
      {
        orgId: row.orgId,
        rolloutId: row.rolloutId,
        ...(row.automatic ? { automatic: true as const } : {}),
      },
    ],
    staticSummary: row.title,
    staticDetails: `Rollout \`${row.rolloutId}\`, asked for by **${row.createdBy}**.\n\n${row.title}`,
    typedSearchAttributes: [
      { key: orgAttribute, value: row.orgUuid },
      { key: phaseAttribute, value: 'planning' },
      ...(row.templateId ? [{ key: templateAttribute, value: row.templateId }] : []),
    ],
  };
}

/** Every action says who asks, and which phase they were looking at: a late one is rejected. */
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

export interface SetPaceInput extends ActionInput {
  writesPerSecond: number;
}

/** What an action led to. */
export interface ActionResult {
  phase: Phase;
  phaseVersion: number;
  paused: boolean;
}

/**
 * Updates. Rejections are `ApplicationFailure`s with a type of `domain/failure.ts`:
 * `ActionNotAllowed` (details: phase, allowed actions), `ActionTooLate`, `DigestMismatch`,
 * `OrganizationBusy` (details: the other rollout's id), `GuardTripped`, `PaceInvalid`.
 */
export const startUpdate = defineUpdate<ActionResult, [StartInput]>('start');
export const discardUpdate = defineUpdate<ActionResult, [ActionInput]>('discard');
export const promoteUpdate = defineUpdate<ActionResult, [ActionInput]>('promote');
export const pauseUpdate = defineUpdate<ActionResult, [ActionInput]>('pause');
export const resumeUpdate = defineUpdate<ActionResult, [ActionInput]>('resume');
export const abortUpdate = defineUpdate<ActionResult, [ActionInput]>('abort');
export const setPaceUpdate = defineUpdate<ActionResult, [SetPaceInput]>('setPace');

/** What the rollout is doing, from the workflow's own memory. */
export interface Progress {
  phase: Phase;
  phaseVersion: number;
  paused: boolean;
  /** Wave being written or judged; null before the first. */
  wave: number | null;
  waves: number;
  /** One line for people: what happens next, or what it waits for. */
  waitingFor: string | null;
  /** Users by outcome, as of the last report of the shards. */
  counts: Partial<Record<Outcome, number>>;
  total: number;
  /** Epoch milliseconds at which unconverged users are given up; null before verification. */
  deadlineAt: number | null;
}
export const progressQuery = defineQuery<Progress>('progress');

/** From the rollout to its running shards: hold new activities back, go on, or stop for good. */
export type ShardControl = 'run' | 'hold' | 'stop';
export const controlSignal = defineSignal<[ShardControl]>('control');

/** From a shard to its rollout: counters since the last report, and whether a guard tripped. */
export interface ShardReport {
  counts: Partial<Record<Outcome, number>>;
  halted: { reason: string } | null;
}
export const reportSignal = defineSignal<[ShardReport]>('report');
