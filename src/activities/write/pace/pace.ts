import { recordAudit } from '../../../db/admin/audit';
import { updatePace } from '../../../db/write/pace';
import {
  followDefault,
  onThrottled,
  recover,
  setConfigured,
  startPace,
} from '../../../domain/rollout/pace';
import type { Activities } from '../../../contract/activities';
import type { ActivityDeps } from '../../activity/deps';

type PaceDeps = Pick<ActivityDeps, 'db' | 'writesPerSecond' | 'limitQueue'>;

/**
 * A 429 concerns the organization: all its writes wait, and then go on at half the pace. The wait ends
 * by the clock of the database (R93), and is kept with its reason (R98).
 */
export async function throttleOrganization(
  deps: PaceDeps,
  orgId: string,
  { waitMs, reason }: { waitMs: number; reason: string },
): Promise<void> {
  const change = { isHalved: false };
  const { state } = await updatePace(
    deps.db,
    orgId,
    startPace(deps.writesPerSecond),
    (pace, nowMs) => {
      const next = onThrottled(pace.state, nowMs);
      change.isHalved = next !== pace.state;
      const until = new Date(nowMs + waitMs);
      return pace.notBefore && pace.notBefore > until
        ? { ...pace, state: next }
        : { state: next, notBefore: until, waitReason: reason };
    },
  );
  if (change.isHalved) await deps.limitQueue(orgId, state.currentPerSecond);
}

/** Raises the pace by the steps that are due, and sets it in the Temporal server. Upkeep calls it. */
export async function recoverPace(deps: PaceDeps, orgId: string): Promise<number> {
  const { state } = await updatePace(
    deps.db,
    orgId,
    startPace(deps.writesPerSecond),
    (pace, nowMs) => {
      const next = recover(pace.state, nowMs);
      return next === pace.state ? null : { ...pace, state: next };
    },
  );
  await deps.limitQueue(orgId, state.currentPerSecond);
  return state.currentPerSecond;
}

/** Adopts the default that this worker is configured with; all workers should have the same. */
export async function adoptDefaultPace(deps: PaceDeps, orgId: string): Promise<void> {
  const { writesPerSecond } = deps;
  await updatePace(deps.db, orgId, startPace(writesPerSecond), (pace, nowMs) => {
    const next = followDefault(pace.state, writesPerSecond, nowMs);
    return next === pace.state ? null : { ...pace, state: next };
  });
}

export function paceActivities(deps: ActivityDeps): Pick<Activities, 'setPace'> {
  return {
    async setPace({ orgId, rolloutId, writesPerSecond, actor }) {
      const fallback = startPace(deps.writesPerSecond);
      const { state } = await updatePace(deps.db, orgId, fallback, (pace, nowMs) => ({
        ...pace,
        state: setConfigured(pace.state, writesPerSecond, nowMs),
      }));
      await deps.limitQueue(orgId, state.currentPerSecond);
      await recordAudit(deps.db, {
        orgId,
        actor,
        action: 'rollout.pace-set',
        target: `rollouts/${rolloutId}`,
        details: { writesPerSecond },
      });
    },
  };
}
