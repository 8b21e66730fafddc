import { mirrorUsers } from '../../db/directory/mirror/mirror-people';
import type { DirectoryRead } from '../../db/directory/reads';
import { plannedAgainstMirror, recordUnwritten } from '../../db/rollout/wave-rows';
import type { RolloutRef } from '../../contract/activities';
import { changedSincePlan } from '../../domain/write/judge-write';
import type { WebexUser } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

/** A read shows that these users were changed since planning: they aren't written (R101). */
export async function endChanged(
  db: ActivityDeps['db'],
  { orgId, rolloutId, wave }: RolloutRef & { wave: number },
  { users, looked }: { users: readonly WebexUser[]; looked: DirectoryRead },
): Promise<void> {
  await mirrorUsers(db, orgId, users, looked);
  const personIds = users.map(({ personId }) => personId);
  const rows = await plannedAgainstMirror(db, { rolloutId, wave, personIds });
  const changed = rows.filter(
    ({ before, expected, now, isRetry }) =>
      changedSincePlan({ before, now }) &&
      !(isRetry && !changedSincePlan({ before: expected, now })),
  );
  await recordUnwritten(db, {
    rolloutId,
    seqs: changed.map(({ seq }) => seq),
    outcome: 'conflict',
    detail: 'the user was changed after planning, outside Seatwise or by another rollout',
  });
}
