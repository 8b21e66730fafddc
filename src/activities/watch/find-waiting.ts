import { offerKey } from '../../domain/model/target-key';
import type { Queryable } from '../../db/connect';
import { readUnitsToday } from '../../db/directory/own-writes';
import type { PersonFinding } from '../../db/watch/reactions';
import { releaseWaits } from '../../db/watch/open-waits';
import { promisedUnits } from '../../db/watch/promised-units';
import { waitersFor } from '../../db/watch/watch-units';
import { unitsLeftOf } from '../../domain/licenses/license-index';
import { serveWaiters } from '../../domain/watch/serve-waiters';
import { endWaits } from './end-waits';

/** The limit of one check, however many units are free; the next check finds the others. */
const usersPerCheck = 20_000;

/**
 * Users who wait for a unit that is free now and promised to nobody else (R36, R46): at most as many as
 * there are units.
 */
export async function findWaiting(tx: Queryable, orgId: string): Promise<PersonFinding[]> {
  const { now: licenses } = await readUnitsToday(tx, orgId);
  await releaseWaits(tx, orgId);
  await endWaits(tx, orgId, licenses);
  const units = new Map<string, number>();
  for (const license of licenses) {
    const pool = offerKey(license);
    units.set(pool, (units.get(pool) ?? 0) + (unitsLeftOf(license) ?? Infinity));
  }
  const pools = [...units].filter(([, left]) => left > 0).map(([pool]) => pool);
  const waiters = await waitersFor(tx, { orgId, pools, limit: usersPerCheck });
  if (waiters.length === 0) return [];
  const promised = await promisedUnits(tx, { orgId, pools });
  for (const [pool, count] of promised) units.set(pool, (units.get(pool) ?? 0) - count);
  return serveWaiters(waiters, units).map(({ personId, rolloutId }) => ({
    personId,
    reaction: { mode: 'waiting', causes: [{ kind: 'units-free', rolloutId }] },
    isDue: true,
  }));
}
