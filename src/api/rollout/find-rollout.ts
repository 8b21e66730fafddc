import type { Queryable } from '../../db/connect';
import { findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { notFound } from '../http/problem';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The rollout that an address names; 404 also where the id is malformed. */
export async function rolloutOf(
  db: Queryable,
  orgId: string,
  rolloutId: string,
): Promise<RolloutRow> {
  const row = uuid.test(rolloutId)
    ? await findRollout(db, orgId, rolloutId.toLowerCase())
    : undefined;
  if (!row) throw notFound('rollout with this id');
  return row;
}
