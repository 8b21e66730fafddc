/** Users who wait for a unit, whatever other rollouts pass meanwhile (R107). */
import { sql, type SQL } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { EndedChange } from '../../domain/watch/waits';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { believedHoldings, isWaiting } from '../sql';
import { grantKeyOf, leavesWaiting, waitingOf } from './waiting-changes';

/** What a file asked for isn't waited for any longer than this. */
const mostWaiting = sql`interval '30 days'`;

/** After such an outcome a rollout has neither made the change nor waited for it. */
const unsettled = sql`('planned', 'withheld', 'conflict', 'failed', 'gone', 'excluded')`;

/** A rollout that took up a wait and failed lets it go after this time. */
const letGoAfter = sql`interval '1 hour'`;

/** A row that waits, with what decides whether it still has to. */
export interface OpenWait extends Record<string, unknown> {
  rolloutId: string;
  seq: number;
  personId: string;
  changes: Change[];
  holdings: Holdings;
  isExplicit: boolean;
  /** Groups as the last read shows them, and as the watch believes them. */
  groupIds: string[] | null;
  isOld: boolean;
  user: 'here' | 'missing' | 'gone';
  /** Additions of rollouts that were started later. */
  taken: string[] | null;
  /** Targets about which such a rollout says otherwise. */
  refused: string[] | null;
}

export interface WaitsQuery {
  orgId: string;
  /** Groups that hold a template. */
  groups: readonly GroupCover[];
}

const waitsPerPage = 1_000;

/** All rows that wait, in pages. */
export async function* readOpenWaits(
  tx: Queryable,
  { orgId, groups }: WaitsQuery,
): AsyncGenerator<OpenWait[]> {
  let after: Pick<OpenWait, 'personId' | 'rolloutId'> = {
    personId: '',
    rolloutId: '00000000-0000-0000-0000-000000000000',
  };
  for (;;) {
    const { rows } = await tx.execute<OpenWait>(sql`
      SELECT u.rollout_id AS "rolloutId", u.seq, u.person_id AS "personId",
        ${waitingOf('u')} AS changes, ${believedHoldings('d')} AS holdings,
        d.is_explicit AS "isExplicit", ${groupsOf(groups)} AS "groupIds",
        coalesce(u.waits_since, r.started_at) < now() - ${mostWaiting} AS "isOld",
        CASE WHEN d.gone_at IS NOT NULL THEN 'gone' WHEN d.missing_since IS NOT NULL THEN 'missing'
          ELSE 'here' END AS "user",
        ${takenLater} AS taken, ${refusedLater} AS refused
      FROM rollout_user u JOIN rollout r USING (rollout_id)
        JOIN directory_user d ON d.org_id = u.org_id AND d.person_id = u.person_id
      WHERE u.org_id = ${orgId} AND ${isWaiting('u')}
        AND ${leavesWaiting}
        AND (u.person_id, u.rollout_id) > (${after.personId}, ${after.rolloutId}::uuid)
      ORDER BY u.person_id, u.rollout_id LIMIT ${waitsPerPage}`);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < waitsPerPage) return;
    after = last;
  }
}

const later = sql`FROM rollout_user o JOIN rollout l USING (rollout_id)`;
const isLater = sql`o.org_id = u.org_id AND o.person_id = u.person_id
  AND l.started_at > r.started_at AND o.outcome NOT IN ${unsettled}`;

const takenLater = sql`(SELECT jsonb_agg(DISTINCT ${grantKeyOf})
  ${later}, LATERAL jsonb_array_elements(o.changes || o.waiting) AS c
  WHERE ${isLater} AND c->>'operation' = 'add')`;

const refusedLater = sql`(SELECT jsonb_agg(DISTINCT coalesce(k->'target'->>'licenseId',
    'attendee:' || (k->'target'->>'site')))
  ${later}, LATERAL jsonb_array_elements(o.kept) AS k
  WHERE ${isLater} AND k->>'code' = 'wait-ends')`;

/** A membership counts until the watch believes that it has ended. */
function groupsOf(groups: readonly GroupCover[]): SQL {
  if (groups.length === 0) return sql`NULL::jsonb`;
  const pairs = groups.flatMap(({ groupId, memberGroupIds }) =>
    memberGroupIds.map((inner) => ({ outer_id: groupId, inner_id: inner })),
  );
  return sql`(SELECT jsonb_agg(DISTINCT c.outer_id ORDER BY c.outer_id)
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS c(outer_id text, inner_id text)
    WHERE EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = u.org_id
        AND m.group_id = c.inner_id AND m.member_id = u.person_id)
      OR EXISTS (SELECT 1 FROM watch_member m WHERE m.org_id = u.org_id
        AND m.group_id = c.outer_id AND m.person_id = u.person_id))`;
}

/** A row with the changes that are over; `isOver` where nothing is left to wait for. */
export interface EndedWait {
  rolloutId: string;
  seq: number;
  changes: readonly EndedChange[];
  isOver: boolean;
}

export async function recordEndedWaits(tx: Queryable, ended: readonly EndedWait[]): Promise<void> {
  if (ended.length === 0) return;
  const records = ended.map(({ rolloutId, seq, changes, isOver }) => ({
    rollout_id: rolloutId,
    seq,
    over: Object.fromEntries(changes.map(({ key, why }) => [key, why])),
    is_over: isOver,
  }));
  await tx.execute(sql`
    UPDATE rollout_user u SET waits_over = coalesce(u.waits_over, '{}'::jsonb) || e.over,
      wait_ended_at = CASE WHEN e.is_over THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      AS e(rollout_id uuid, seq int, over jsonb, is_over boolean)
    WHERE u.rollout_id = e.rollout_id AND u.seq = e.seq`);
}

/**
 * Users wait again whose wait was taken up by a rollout that has ended without settling it: the call
 * failed, or none was made.
 */
export async function releaseWaits(tx: Queryable, orgId: string): Promise<void> {
  await tx.execute(sql`
    WITH unsettled AS (
      SELECT o.rollout_id, o.person_id FROM rollout l JOIN rollout_user o USING (rollout_id)
      WHERE l.org_id = ${orgId}
        AND (l.request->'change'->>'kind' = 'reconcile' OR l.replan_of IS NOT NULL)
        AND l.phase IN ('completed', 'aborted', 'failed')
        AND l.ended_at BETWEEN now() - interval '30 days' AND now() - ${letGoAfter}
        AND o.outcome IN ${unsettled}
      UNION ALL
      -- the plan that took them up has no row of them
      SELECT l.rollout_id, t.person_id FROM rollout l
        JOIN rollout_user t ON t.rollout_id = l.replan_of AND t.taken_up_by = l.rollout_id
      WHERE l.org_id = ${orgId} AND l.phase IN ('completed', 'aborted', 'failed')
        AND l.ended_at BETWEEN now() - interval '30 days' AND now() - ${letGoAfter}
        AND NOT EXISTS (SELECT 1 FROM rollout_user o
          WHERE o.rollout_id = l.rollout_id AND o.person_id = t.person_id)
      UNION ALL
      SELECT l.rollout_id, e.person_id FROM rollout l JOIN reaction e ON e.rollout_id = l.rollout_id
      WHERE l.org_id = ${orgId} AND l.phase = 'failed' AND l.started_at IS NULL
        AND l.ended_at BETWEEN now() - interval '30 days' AND now() - ${letGoAfter}
    )
    UPDATE rollout_user u SET taken_up_by = NULL FROM unsettled s
    WHERE u.org_id = ${orgId} AND u.person_id = s.person_id AND u.taken_up_by = s.rollout_id
      AND u.pending IS NOT NULL AND u.wait_ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM reaction e WHERE e.org_id = u.org_id
        AND e.person_id = u.person_id AND e.closed_at IS NULL)`);
}
