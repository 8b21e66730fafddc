/** The rule that permits a write, for statements that read `rollout` as `r`. */
import { sql, type SQL } from 'drizzle-orm';
import { permittingPhases, type Phase } from '../../domain/rollout/rollout-phase';
import { literals } from '../sql';

/**
 * Longer than a permit is used (`permitLifeMs`) and a call takes (HTTP time-out: 8 s) together: after
 * it, no write of this permit can begin or be under way.
 */
export const inFlight = sql.raw("interval '12 seconds'");

/** Whether a write may begin now: neither the rollout nor the organization's pace stands in the way. */
export function mayWrite(phases: readonly Phase[] = permittingPhases): SQL {
  return sql`(${isRunning(phases)} AND ${isNotThrottled})`;
}

/**
 * The rollout is in a phase that writes, and neither paused nor held by a guard, nor has anybody asked
 * it to stop: `brake_at` is set when `pause` or `abort` is accepted, before a workflow takes it.
 */
export function isRunning(phases: readonly Phase[] = permittingPhases): SQL {
  return sql`(r.phase IN (${literals(phases)}) AND NOT r.paused AND r.hold IS NULL
    AND r.brake_at IS NULL)`;
}

/** Webex hasn't asked the organization to wait (429, 423). */
export const isNotThrottled = sql`NOT EXISTS (
  SELECT 1 FROM org_pace p WHERE p.org_id = r.org_id AND p.not_before > clock_timestamp())`;
