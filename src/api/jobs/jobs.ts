import type { FailureType } from '../../contract/failure';
import type { ActionInput, ActionResult, JobProgress } from '../../contract/messages';
import type { StartableRollout } from '../../contract/rollout-start';
import type { RetryInput } from '../../contract/workflows';
import type { Actor } from '../../domain/model/actor';

/** What an update led to within a few seconds. */
export type ActAnswer =
  | { kind: 'applied'; result: ActionResult }
  /** No worker answered, or Temporal can't be reached: the action must be delivered again. */
  | { kind: 'accepted' }
  | { kind: 'rejected'; type: FailureType; message: string; details: unknown };

/** The durable side of the product as the API sees it. */
export interface Jobs {
  /** Starting one twice is harmless. Throws where Temporal can't be reached. */
  startRollout(row: StartableRollout): Promise<void>;
  /** Starts retry `n` of a rollout that is stored as `rolling-out` at `phaseVersion`. */
  startRetry(row: StartableRollout & Omit<RetryInput, 'orgId' | 'rolloutId'>): Promise<void>;
  /** One read of the directory at a time per organization: a second request joins the first. */
  startObserve(read: {
    orgId: string;
    orgUuid: string;
    /** Who accepts member lists that shrank too much to be believed. */
    dropsAcceptedBy?: Actor;
  }): Promise<void>;
  /**
   * Reads the members of a group into the mirror and waits for that, a few seconds at most. False: they
   * couldn't be read whole in that time. Throws where Temporal can't be reached.
   */
  readMembers(group: { orgId: string; orgUuid: string; groupId: string }): Promise<boolean>;
  /** One more check of the watch, after the one that may be running; false if there is no watch yet. */
  startCheck(organization: { orgUuid: string }): Promise<boolean>;
  /** Delivers an action; the same `updateId` is applied once. */
  act(action: {
    workflowId: string;
    updateName: string;
    updateId: string;
    input: ActionInput;
  }): Promise<ActAnswer>;
  /** From the workflow's own memory, a second old, or some while it is slow; null if no worker answers. */
  progress(workflowId: string): Promise<JobProgress | null>;
  /** Whether Temporal answers. */
  ping(): Promise<boolean>;
  /** Since when it hasn't, as far as this process has asked; null: it answers. */
  awaySince(): Promise<Date | null>;
}
