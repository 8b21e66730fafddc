/** The reach of a change, as SQL about the user `u`. */
import { sql, type SQL } from 'drizzle-orm';
import type { Reach } from '../../domain/kinds/reach';
import type { GroupCover } from '../directory/group-covers';
import { groupNosOf } from '../numbers';
import { textList } from '../sql';
import { reactionColumn, waitingColumn } from '../watch/reaction-columns';

/** The reach of a change, with the stored rollout or the one user to explain. */
export type CandidateReach =
  | Exclude<Reach, { kind: 'reconcile' }>
  /** The users whose reactions this rollout handles. */
  | { kind: 'reconcile'; rolloutId: string }
  /** One user, with their waiting reaction if there is one. */
  | { kind: 'explained'; personId: string };

export interface ReachSql {
  joins: SQL;
  condition: SQL;
  /** The facts of this kind of change about the user: `wish`, `reaction`, `waiting` and `taken`. */
  columns: SQL;
}

export function reachSql(
  reach: CandidateReach,
  { orgId, groups: covers }: { orgId: string; groups: readonly GroupCover[] },
): ReachSql {
  switch (reach.kind) {
    case 'everybody':
      return plain(sql`true`);
    case 'nobody':
      return plain(sql`false`);
    case 'users':
      // The API has turned addresses into ids.
      return plain(sql`u.person_id IN ${textList(reach.users)}`);
    case 'members': {
      const isMember = memberOf(orgId, innerGroups(reach.groupIds, covers));
      const { orGivenBy } = reach;
      return plain(orGivenBy === null ? isMember : sql`(${isMember} OR ${givenBy(orGivenBy)})`);
    }
    case 'csv':
      return {
        joins: sql`JOIN csv_row c ON c.import_id = ${reach.importId} AND c.person_id = u.person_id`,
        condition: sql`c.org_id = u.org_id`,
        columns: columns({ wish: sql`c.wish` }),
      };
    case 'reconcile':
      return {
        joins: sql`JOIN reaction e ON e.rollout_id = ${reach.rolloutId}
          AND e.org_id = u.org_id AND e.person_id = u.person_id`,
        condition: sql`true`,
        columns: columns({ reaction: reactionColumn, waiting: waitingColumn }),
      };
    case 'explained':
      return {
        joins: sql`LEFT JOIN reaction e ON e.rollout_id IS NULL AND e.closed_at IS NULL
          AND e.org_id = u.org_id AND e.person_id = u.person_id`,
        condition: sql`u.person_id = ${reach.personId}`,
        columns: columns({ reaction: reactionColumn, waiting: waitingColumn }),
      };
    case 'restore-services':
      return {
        joins: sql`JOIN LATERAL (SELECT jsonb_agg(l.change->'target' ORDER BY l.ledger_id) AS targets
          FROM ledger l WHERE l.org_id = u.org_id AND l.person_id = u.person_id
            AND l.rollout_id = ${reach.rolloutId} AND l.operation = 'remove') t ON true`,
        condition: sql`t.targets IS NOT NULL`,
        columns: columns({ taken: sql`t.targets` }),
      };
  }
}

/**
 * Only the facts of the change about users who are known to be planned: whether they are still in reach
 * is for the domain to judge.
 */
export function factsSql(reach: CandidateReach, of: Parameters<typeof reachSql>[1]): ReachSql {
  const all = reachSql(reach, of);
  const isFact = ['csv', 'reconcile', 'restore-services'].includes(reach.kind);
  return isFact ? all : { ...all, condition: sql`true` };
}

/**
 * Whether the user is a direct member of one of these groups. Each user is looked up: over the view, a page
 * would read all memberships of the organization.
 */
export function memberOf(orgId: string, groupIds: readonly string[]): SQL {
  const isOfGroups = sql`m.group_no = ANY(ARRAY${groupNosOf(orgId, groupIds)})`;
  return sql`(EXISTS (SELECT 1 FROM mirror_member m WHERE m.user_no = u.user_no AND ${isOfGroups})
    OR EXISTS (SELECT 1 FROM mirror_other_member m WHERE m.member_id = u.person_id AND ${isOfGroups}))`;
}

const saidColumns = ['wish', 'reaction', 'waiting', 'taken'] as const;

/** The columns of all kinds of change; null where this kind has none. */
function columns(said: Partial<Record<(typeof saidColumns)[number], SQL>>): SQL {
  const all = saidColumns.map(
    (name) => sql`${said[name] ?? sql`NULL::jsonb`} AS ${sql.identifier(name)}`,
  );
  return sql.join(all, sql`, `);
}

function plain(condition: SQL): ReachSql {
  return { joins: sql``, condition, columns: columns({}) };
}

/** Groups whose members count as members of these: the groups themselves, and groups inside them (R10). */
function innerGroups(groupIds: readonly string[], covers: readonly GroupCover[]): string[] {
  return covers
    .filter(({ groupId }) => groupIds.includes(groupId))
    .flatMap(({ memberGroupIds }) => memberGroupIds);
}

function givenBy(templateId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM provenance g WHERE g.org_id = u.org_id
    AND g.person_id = u.person_id AND g.template_id = ${templateId} AND g.ended_at IS NULL)`;
}
