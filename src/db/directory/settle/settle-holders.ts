/** Who holds what, as lists show it: when a template's ownership of a license ends (R31a, R92). */
import { sql } from 'drizzle-orm';
import { plausibleDrop, plausibleDropPercent, type ListRead } from '../../../domain/watch/believe';
import type { Db, Queryable } from '../../connect';
import { isLost } from '../../provenance/note-lost-ownership';
import { judgeList, knownBeliefs, listName, type KnownBelief } from '../beliefs/beliefs';
import { orgNoOf } from '../../numbers';
import { isAnotherCheck, isTaken, type Settling } from '../beliefs/missing';
import { countOwnRemovals } from './own-removals';

/** People who seem to have lost what a template gave them: these are asked for by id. */
export async function peopleWithMissedHoldings(
  db: Queryable,
  page: { orgId: string; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT p.person_id AS id FROM provenance p
      JOIN directory_user u ON u.org_id = p.org_id AND u.person_id = p.person_id
    WHERE p.org_id = ${page.orgId} AND p.missed_at IS NOT NULL AND p.ended_at IS NULL
      AND u.gone_at IS NULL AND p.person_id > ${page.after}
    ORDER BY p.person_id LIMIT ${page.limit}`);
  return rows.map(({ id }) => id);
}

interface Holding extends Record<string, unknown> {
  /** License id, or `attendee:<site>`. */
  target: string;
  /** Holders that the mirror shows. */
  now: number;
  /** Owned holdings that two reads didn't show, and those that two checks found missing. */
  lost: number;
  lostTwice: number;
  /** Units that the license says are consumed. */
  consumed: number | null;
}

/**
 * After everybody was read, and those who seem to have lost something once more by id: ends the ownership
 * of what is gone, license by license, where the list of holders is believed. It is compared with the last
 * accepted number of holders and with the units that the license says are consumed (R88).
 */
export async function settleHolders(db: Db, settling: Settling): Promise<void> {
  const { orgId, startedAt, confirmAfterMs } = settling;
  const isMissing = sql`(p.org_id = ${orgId} AND p.ended_at IS NULL AND p.missed_at IS NOT NULL
    AND ${isLost}
    AND u.read_at >= p.missed_at + ${confirmAfterMs} * interval '1 ms')`;
  const isUser = sql`u.org_id = p.org_id AND u.person_id = p.person_id AND u.gone_at IS NULL`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE provenance p SET missed_checks = missed_checks + 1, counted_at = now()
      FROM directory_user u WHERE ${isUser} AND ${isMissing}
        AND ${isAnotherCheck(startedAt, sql`p.counted_at`)}`);
    const { rows } = await tx.execute<Holding>(sql`
      WITH held AS (
        SELECT l.target, sum(u.users)::int AS now
        FROM (SELECT holdings_no, count(*) AS users FROM mirror_user
            WHERE org_no = ${orgNoOf(orgId)} AND gone_at IS NULL GROUP BY holdings_no) u
          JOIN mirror_holdings h USING (holdings_no),
          LATERAL (SELECT jsonb_array_elements_text(h.licenses) AS target UNION ALL
            SELECT 'attendee:' || site FROM jsonb_array_elements_text(h.attendee_sites) AS site) l
        GROUP BY l.target
      ), lost AS (
        SELECT p.target, count(*)::int AS lost,
          (count(*) FILTER (WHERE p.missed_checks > 1))::int AS lost_twice
        FROM provenance p, directory_user u WHERE ${isUser} AND ${isMissing} GROUP BY p.target
      )
      SELECT target, coalesce(h.now, 0) AS now, coalesce(l.lost, 0) AS lost,
        coalesce(l.lost_twice, 0) AS "lostTwice", d.consumed_units AS consumed
      FROM held h FULL JOIN lost l USING (target)
        LEFT JOIN directory_license d ON d.org_id = ${orgId} AND d.license_id = target
      ORDER BY target`);
    const known = new Map(
      (await knownBeliefs(tx, orgId, listName.holders(''))).map((row) => [row.list, row]),
    );
    const removed = await countOwnRemovals(tx, orgId, fewerThanAccepted(rows, known));
    for (const holding of rows) {
      const { target } = holding;
      const list = listName.holders(target);
      const { takes } = await judgeList(tx, {
        orgId,
        list,
        read: holdersRead(holding, known.get(list), removed.get(target) ?? 0, startedAt),
        maxDropPercent: plausibleDropPercent,
        emptyIsADrop: true,
        otherCount: holding.consumed,
      });
      await tx.execute(sql`
        UPDATE provenance p SET ended_at = now() FROM directory_user u
        WHERE ${isUser} AND p.target = ${target} AND ${isMissing}
          AND ${isTaken(takes, sql`p.missed_checks`)}`);
    }
  });
}

/** Lists that show fewer holders than the accepted ones. */
function fewerThanAccepted(rows: readonly Holding[], known: ReadonlyMap<string, KnownBelief>) {
  return rows.flatMap(({ target, now, lost }) => {
    const { acceptedCount, acceptedAt } = known.get(listName.holders(target)) ?? {};
    return acceptedAt && (acceptedCount ?? 0) > now + lost ? [{ target, acceptedAt }] : [];
  });
}

/**
 * The list of holders as it compares with the one that was accepted, less what Seatwise has `removed`
 * since. That one is known by its number only: another check with the same number confirms the drop.
 */
function holdersRead(
  holding: Holding,
  known: KnownBelief | undefined,
  removed: number,
  startedAt: Date,
): ListRead {
  const { now, lost, lostTwice } = holding;
  const before = Math.max((known?.acceptedCount ?? 0) - removed, now + lost);
  const missing = before - now;
  const refusedNow = known?.refusedNow ?? null;
  const refusedAt = known?.refusedAt ?? null;
  const isAnother = refusedAt !== null && new Date(refusedAt) < startedAt;
  const isConfirmed =
    isAnother && refusedNow !== null && Math.abs(refusedNow - now) <= plausibleDrop;
  const missingTwice = isConfirmed ? missing - lost + lostTwice : lostTwice;
  return { before, now, missing, missingTwice };
}
