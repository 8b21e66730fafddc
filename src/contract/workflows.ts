/** The workflow types that clients start, and the argument of each. Wire names never change. */
import type { Actor } from '../domain/model/actor';
import type { VerificationSchedule } from '../domain/model/settings';

export const rolloutWorkflow = 'rollout';
export const retryFailedWorkflow = 'retryFailed';
export const verifyPropagationWorkflow = 'verifyPropagation';
export const observeDirectoryWorkflow = 'observeDirectory';
export const watchDirectoryWorkflow = 'watchDirectory';
export const readMembersWorkflow = 'readMembers';

/** Argument of `rollout`. */
export interface RolloutInput {
  orgId: string;
  rolloutId: string;
  /** A reaction of the watch: it plans from what the watch has read, and starts automatically. */
  automatic?: true;
}

/** Argument of `retryFailed`. */
export interface RetryInput {
  orgId: string;
  rolloutId: string;
  /** 1 for the first retry of this rollout. */
  n: number;
  /** `phase_version` after the API reopened the rollout as `rolling-out`. */
  phaseVersion: number;
}

/** Argument of `verifyPropagation`. */
export interface VerifyInput {
  orgId: string;
  rolloutId: string;
  writeQueue: string;
  waves: number[];
  schedule: VerificationSchedule;
  /** Epoch milliseconds. */
  deadlineAtMs: number;
  /** Sweeps made by earlier runs of this workflow. */
  sweepsDone: number;
  /** What the rollout was told that it waits for. */
  waitsFor?: string | null;
}

/** Argument of `observeDirectory`. */
export interface ObserveInput {
  orgId: string;
  /** Who accepts member lists that have become implausibly small. */
  dropsAcceptedBy?: Actor;
}

/** Argument of `readMembers`. */
export interface ReadMembersInput {
  orgId: string;
  groupId: string;
}

/** Argument of `watchDirectory`. */
export interface WatchInput {
  orgId: string;
}
