/** The rows of a plan, stored in bulk. */
import type { PoolClient } from 'pg';
import type { Change } from '../../domain/model/change';
import type { PlannedUser } from '../../domain/plan/planned-user';
import type { PlanContent } from '../../domain/plan/plan-content';
import { copyRows } from '../copy-rows';

/** A user, their place, and the number of the content that is theirs in this plan. */
export interface PlanRowToStore {
  name: Pick<PlannedUser, 'personId' | 'email' | 'displayName'>;
  user: Pick<PlannedUser, 'seq' | 'wave' | 'step'> & {
    content: Pick<PlanContent, 'pending' | 'outcome' | 'waiting'>;
  };
  content: number;
}

export interface ContentToStore {
  number: number;
  content: PlanContent;
}

interface Plan {
  orgId: string;
  rolloutId: string;
}

export async function copyPlan(
  connection: PoolClient,
  { orgId, rolloutId }: Plan,
  { rows, contents }: { rows: readonly PlanRowToStore[]; contents: readonly ContentToStore[] },
): Promise<void> {
  await copyRows(
    connection,
    'rollout_content (rollout_id, content, before, changes, kept, blocked, waiting, expected)',
    contents.map(({ number, content }) => {
      const { before, changes, kept, blocked, waiting, expected } = content;
      const values = [before, changes, kept, blocked, waiting, expected];
      return [rolloutId, number, ...values.map((value) => JSON.stringify(value))];
    }),
  );
  await copyRows(
    connection,
    `rollout_row (org_id, rollout_id, seq, person_id, email, display_name, wave, step, content,
      pending, outcome, own_waiting)`,
    rows.map(({ name, user, content }) => {
      const { seq, wave, step } = user;
      const { pending, outcome, waiting } = user.content;
      const ownWaiting = waiting.some(isOwed) ? JSON.stringify(waiting) : null;
      const who = [orgId, rolloutId, seq, name.personId, name.email, name.displayName];
      return [...who, wave, step, content, pending, outcome, ownWaiting];
    }),
  );
}

/** A license that the user has lost and waits for (R95). `hasLostUnit` and the tally look for it in the row. */
function isOwed({ operation, reason }: Change): boolean {
  return operation === 'add' && reason.code === 'put-back';
}
