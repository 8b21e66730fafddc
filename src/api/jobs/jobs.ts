import type { FailureType } from '../../contract/failure';
import type { ActionInput, ActionResult, JobProgress } from '../../contract/messages';
import type { StartableRollout } from '../../contract/rollout-start';
import type { RetryInput } from '../../contract/workflows';
import type { Actor } from '../../domain/model/actor';

/** What an update led to, as far as two seconds told. */
export type ActAnswer =
  | { kind: 'applied'; result: ActionResult }
  /** No worker answered, or Temporal is away: the action must be delivered again. */
  | { kind: 'accepted' }
  | { kind: 'rejected'; type: FailureType; message: string; details: unknown };

/** The durable side of the product as the API sees it. */
export interface Jobs {
  /** Starting one twice is harmless. Throws where Temporal can't be reached. */
  startRollout(row: StartableRollout): Promise<void>;
  /** Carries retry `n` out, of a rollout that the database has as `rolling-out` at `phaseVersion`. */
  startRetry(row: StartableRollout & Omit<RetryInput, 'orgId' | 'rolloutId'>): Promise<void>;
  /** One look at a time per organization: a second request joins the first. */
  startObserve(look: {
    orgId: string;
    orgUuid: string;
    /** Who vouches for member lists that shrank beyond belief. */
    dropsAcceptedBy?: Actor;
  }): Promise<void>;
  /** One more look of the watch, after the one that may be under way; false where nobody watches yet. */
  startLook(organization: { orgUuid: string }): Promise<boolean>;
  /** Delivers an action; the same `updateId` is obeyed once. */
  act(action: {
    workflowId: string;
    updateName: string;
    updateId: string;
    input: ActionInput;
  }): Promise<ActAnswer>;
  /** From the workflow's own memory, at most a second old; null where no worker answers. */
  progress(workflowId: string): Promise<JobProgress | null>;
  /** Whether Temporal answers. */
  ping(): Promise<boolean>;
}
