import { systemActor } from '../../domain/model/actor';
import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
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
import { countCauses, reactionsTitle } from '../../domain/watch/count-causes';
import { organizationUuid } from '../../domain/model/webex-id';
import { counted } from '../../domain/model/wording';
import { rolloutWorkflowId } from '../../contract/ids';
import { observeNumbers, readsCalling } from '../directory/calling-reads';
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
  async function refresh(orgId: string, lookStartedAt: Date, ready: number): Promise<void> {
    await withHeartbeats(async (read) => {
      const limit = ready + mostGone;
      const stale = await staleWaiting(db, { orgId, readBefore: lookStartedAt, limit });
      await readThese(deps, orgId, stale, read);
      if (ready > 0 && (await readsCalling(db, orgId, null)))
        await observeNumbers(deps, orgId, read);
    });
  }

  return {
    async openReactions({ orgId, lookStartedAtMs }) {
      try {
        const { settings } = await readSettings(db, orgId);
        await db.transaction(async (tx) => {
          await lockWatchState(tx, orgId);
          await closeReactions(tx, orgId);
        });
        const { floodLimit } = settings.watch;
        const ready = await takeableReactions(db, orgId, floodLimit + 1);
        const { waiting } = await countReactions(db, orgId);
        if (deps.readOnly) {
          if (waiting > 0) await recordWatchError(db, orgId, readOnlyMessage(waiting));
          return { rollouts: [] };
        }
        // The rollout of a flood reads the directory itself.
        if (ready.length <= floodLimit && waiting > 0) {
          await refresh(orgId, new Date(lookStartedAtMs), ready.length);
        }
        await db.transaction((tx) => open(tx, orgId, floodLimit));
        return { rollouts: await listUnbegunRollouts(db, orgId) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        await recordWatchError(db, orgId, message).catch(() => undefined);
        throw toFailure(error);
      }
    },
  };
}

function readOnlyMessage(users: number): string {
  return `WEBEX_READ_ONLY is set: ${counted(users, 'user')} ${users === 1 ? 'waits' : 'wait'}`;
}

/**
 * Opens a rollout for all reactions that are due: one that starts automatically or, for more users than
 * the flood limit, one that waits for `start` (R14).
 */
async function open(tx: Queryable, orgId: string, floodLimit: number): Promise<void> {
  await lockWatchState(tx, orgId);
  const reactions = await takeableReactions(tx, orgId, null);
  if (reactions.length === 0) return;
  await openRollout(tx, { orgId, reactions, isFlood: reactions.length > floodLimit });
}

async function openRollout(
  tx: Queryable,
  input: { orgId: string; reactions: readonly TakeableReaction[]; isFlood: boolean },
): Promise<void> {
  const { orgId, reactions, isFlood } = input;
  const counts = countCauses(reactions);
  const rolloutId = randomUUID();
  const change = { kind: 'reconcile' as const };
  const reason = isFlood ? 'more users at once than the flood limit' : 'found by the watch';
  await insertRollout(tx, {
    orgId,
    rolloutId,
    request: completeRequest({
      change,
      reason,
      ...(isFlood ? {} : { pilot: null, gates: 'automatic' }),
    }),
    title: reactionsTitle(counts),
    automatic: !isFlood,
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
    action: isFlood ? 'watch.flood' : 'watch.reacted',
    target: `rollouts/${rolloutId}`,
    details: { users: reactions.length, ...counts },
  });
}
