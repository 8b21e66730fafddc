import { systemActor } from '../../domain/model/actor';
import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { readLastDay } from '../../db/watch/last-day';
import {
  countReactions,
  staleWaiting,
  takeReactions,
  takeableReactions,
  type TakeableReaction,
} from '../../db/watch/reactions';
import { insertRollout } from '../../db/rollout/rollouts';
import { readSettings } from '../../db/admin/settings';
import { closeReactions } from '../../db/watch/close-reactions';
import { lockWatchState, recordWatchError } from '../../db/watch/watch-state';
import { completeRequest } from '../../domain/kinds/complete-request';
import { arrangeReactions, type Batch } from '../../domain/watch/arrange-reactions';
import { countCauses, reactionsTitle } from '../../domain/watch/count-causes';
import { organizationUuid } from '../../domain/model/webex-id';
import { counted } from '../../domain/model/text/wording';
import { rolloutWorkflowId } from '../../contract/ids';
import { observeNumbers, readsCalling } from '../directory/calling-reads';
import { plainMessage } from '../../database-error';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { readThese } from '../directory/read-changed-people';
import { listUnbegunRollouts } from '../../db/rollout/startable-rollouts';

/** Users who weren't shown any more: at most this many are read again per check. */
const mostGone = 200;

/** Opens rollouts for what the watch found. */
export function openReactionsActivities(deps: ActivityDeps): Pick<Activities, 'openReactions'> {
  const { db } = deps;

  /** Reads the waiting users again if the mirror has them from before the check, so that plans are current. */
  async function refresh(
    orgId: string,
    readId: number | null,
    personIds: readonly string[],
  ): Promise<void> {
    await withHeartbeats(async (read) => {
      const wanted = { orgId, personIds, readId, mostGone };
      await readThese(deps, orgId, await staleWaiting(db, wanted), read);
      if (personIds.length > 0 && (await readsCalling(db, orgId, null)))
        await observeNumbers(deps, orgId, read);
    });
  }

  return {
    async openReactions({ orgId, readId = null }) {
      try {
        await db.transaction(async (tx) => {
          await lockWatchState(tx, orgId);
          await closeReactions(tx, orgId);
        });
        const { waiting } = await countReactions(db, orgId);
        if (deps.readOnly) {
          if (waiting > 0) await recordWatchError(db, orgId, readOnlyMessage(waiting));
          return { rollouts: [] };
        }
        if (waiting > 0) {
          // A rollout that waits for a person reads the directory itself.
          const automatic = (await batches(db, orgId)).filter(({ hold }) => hold === null);
          const persons = automatic.flatMap(({ reactions }) => reactions);
          await refresh(
            orgId,
            readId,
            persons.map(({ personId }) => personId),
          );
        }
        await db.transaction((tx) => open(tx, orgId));
        return { rollouts: await listUnbegunRollouts(db, orgId) };
      } catch (error) {
        await recordWatchError(db, orgId, plainMessage(error)).catch(() => undefined);
        throw toFailure(error);
      }
    },
  };
}

function readOnlyMessage(users: number): string {
  return `WEBEX_READ_ONLY is set: ${counted(users, 'user')} ${users === 1 ? 'waits' : 'wait'}`;
}

async function batches(db: Queryable, orgId: string): Promise<Batch<TakeableReaction>[]> {
  const { floodLimit } = (await readSettings(db, orgId)).settings.watch;
  const lastDay = await readLastDay(db, orgId);
  return arrangeReactions(await takeableReactions(db, orgId), { floodLimit, lastDay });
}

/**
 * Opens rollouts for all reactions that are due: one that starts automatically, and one that waits for
 * `start` for each reason to ask a person (R14, R88, R106).
 */
async function open(tx: Queryable, orgId: string): Promise<void> {
  await lockWatchState(tx, orgId);
  for (const batch of await batches(tx, orgId)) await openRollout(tx, orgId, batch);
}

async function openRollout(
  tx: Queryable,
  orgId: string,
  { reactions, hold }: Batch<TakeableReaction>,
): Promise<void> {
  const counts = countCauses(reactions);
  const rolloutId = randomUUID();
  const change = { kind: 'reconcile' as const };
  await insertRollout(tx, {
    orgId,
    rolloutId,
    request: completeRequest({
      change,
      reason: hold ?? 'found by the watch',
      ...(hold === null ? { pilot: null, gates: 'automatic' } : {}),
    }),
    title: reactionsTitle(counts),
    automatic: hold === null,
    phase: 'planning',
    createdBy: systemActor.name,
    workflowId: rolloutWorkflowId(organizationUuid(orgId), rolloutId),
  });
  await takeReactions(
    tx,
    rolloutId,
    reactions.map(({ reactionId }) => reactionId),
  );
  await recordAudit(tx, {
    orgId,
    actor: systemActor,
    action: hold === null ? 'watch.reacted' : 'watch.flood',
    target: `rollouts/${rolloutId}`,
    details: { users: reactions.length, ...counts, ...(hold === null ? {} : { reason: hold }) },
  });
}
