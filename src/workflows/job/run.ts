import type { StoredPlan } from '../../contract/activities';
import type { RolloutInput } from '../../contract/workflows';
import type { Job } from './job';
import type { MoveDetails } from './locked-job';

/** What the sequence of a rollout and its updates share. */
export interface Run {
  input: RolloutInput;
  job: Job;
  plan: StoredPlan | null;
  /** The template's draft, if the rollout has one, becomes valid once the pilot is promoted (R16a). */
  isDraftUntried: boolean;
  /** The request by which the plan is made again (R102); null until somebody asks. */
  requestId: string | null;
}

/** What an early end does to the template's draft: an untried one is dropped (R16a). */
export function droppedDraft({ isDraftUntried }: Run): Pick<MoveDetails, 'draft'> {
  return isDraftUntried ? { draft: 'dropped' } : {};
}
