import type { RolloutRequest } from './rollout-request';

/**
 * What to plan again. Keyed: of two requests, the update that names this one finds it. The key is also
 * the id of the rollout that takes up what is left, where the first one was started.
 */
export interface NextRequest {
  requestId: string;
  request: RolloutRequest;
  title: string;
  templateRevision: number | null;
  createdBy: string;
  /** Of the rollout that takes up what is left. */
  workflowId: string;
}
