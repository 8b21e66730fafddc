import { findRollout } from '../../db/rollout/rollouts';
import type { RolloutRef } from '../../contract/activities';
import { kindOf } from '../../domain/kinds/kind-of';
import { startObstacles } from '../../domain/rollout/guards';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';

/** Refuses to start a plan that the caller hasn't read, that guards forbid, or that can't be written. */
export async function expectStartable(
  { db, readOnly }: Pick<ActivityDeps, 'db' | 'readOnly'>,
  { orgId, rolloutId }: RolloutRef,
  digest: string,
): Promise<void> {
  const row = await findRollout(db, orgId, rolloutId);
  if (!row?.summary) throw refusal('PlanImpossible', `Rollout ${rolloutId} has no stored plan`);
  const { neverStarts } = kindOf(row.request.change);
  if (neverStarts !== null) throw refusal('ActionNotAllowed', neverStarts);
  if (row.digest !== digest) {
    throw refusal(
      'DigestMismatch',
      'The digest belongs to another plan. Read the current plan first.',
      { digest: row.digest },
    );
  }
  const [obstacle] = startObstacles(row.summary, row.request);
  if (obstacle) throw refusal('GuardTripped', obstacle);
  if (readOnly && row.summary.planned > 0) {
    throw refusal('ReadOnly', 'WEBEX_READ_ONLY is set: plans can be made but not started.');
  }
}
