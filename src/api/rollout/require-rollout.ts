import type { Queryable } from '../../db/connect';
import { findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { isUuid } from '../../domain/model/webex-id';
import { notFound } from '../http/problem';

/** The rollout that an address names; 404 also if the id is malformed. */
export async function requireRollout(
  db: Queryable,
  orgId: string,
  rolloutId: string,
): Promise<RolloutRow> {
  const row = isUuid(rolloutId) ? await findRollout(db, orgId, rolloutId.toLowerCase()) : undefined;
  if (!row) throw notFound('rollout with this id');
  return row;
}
