/** Templates of groups that are known to be deleted (R33) or were replaced (R90). */
import { systemActor } from '../../domain/model/actor';
import { sql } from 'drizzle-orm';
import { recordAudit } from '../admin/audit';
import type { Queryable } from '../connect';
import { forgetMembers } from '../directory/mirror/move-members';
import { textList } from '../sql';
import { passOwnership } from '../templates/pass-ownership';
import { findSuccessor } from '../../domain/watch/find-successor';
import { readEndingGroups, type EndingGroup } from './replaced-groups';

export interface LostMember {
  groupId: string;
  personId: string;
}

interface EndedTemplate extends Record<string, unknown> {
  templateId: string;
  groupId: string;
  name: string;
}

/**
 * Ends the templates of groups that count as deleted (R33), forgets their members, and returns the last
 * known members. This changes no license; R26 decides what follows for the members. A group that counts
 * as deleted since the last check is left for the next one, so that a directory that deletes a group and
 * makes it again has time to do so. A template whose group was replaced doesn't end (R90).
 */
export async function endTemplatesOfDeletedGroups(
  tx: Queryable,
  orgId: string,
): Promise<LostMember[]> {
  await forgetSuccessorsOfLiving(tx, orgId);
  const { rows: deleted } = await tx.execute<{ groupId: string; isLong: boolean }>(sql`
    SELECT t.group_id AS "groupId",
      coalesce(g.deleted_at <= w.looked_at, false) AS "isLong"
    FROM template t JOIN directory_group g USING (org_id, group_id)
      JOIN watch_state w USING (org_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND t.successor_group_id IS NULL
      AND g.deleted_at IS NOT NULL`);
  if (deleted.length === 0) return [];
  const groups = await readEndingGroups(
    tx,
    orgId,
    deleted.map(({ groupId }) => groupId),
  );
  const replaced = new Set<string>();
  for (const group of groups) {
    if (await recordSuccessor(tx, orgId, group)) replaced.add(group.groupId);
  }
  const ending = deleted.filter(({ groupId, isLong }) => isLong && !replaced.has(groupId));
  return endTemplates(
    tx,
    orgId,
    ending.map(({ groupId }) => groupId),
  );
}

/** A group that is shown again needs no successor. */
async function forgetSuccessorsOfLiving(tx: Queryable, orgId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE template t SET successor_group_id = NULL, updated_at = now() FROM directory_group g
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND t.successor_group_id IS NOT NULL
      AND g.org_id = t.org_id AND g.group_id = t.group_id AND g.gone_at IS NULL`);
}

/** Whether the group was replaced; a person may then move its template. */
async function recordSuccessor(
  tx: Queryable,
  orgId: string,
  { groupId, appeared, ...vanished }: EndingGroup,
): Promise<boolean> {
  const successor = findSuccessor(vanished, appeared);
  if (successor === null) return false;
  await tx.execute(sql`
    UPDATE template SET successor_group_id = ${successor.groupId}, updated_at = now()
    WHERE org_id = ${orgId} AND group_id = ${groupId} AND deleted_at IS NULL`);
  const { members } = vanished;
  await recordAudit(tx, {
    orgId,
    actor: systemActor,
    action: 'template.group-replaced',
    target: `templates/groups/${groupId}`,
    details: { successor: successor.groupId, members, shared: successor.shared },
  });
  return true;
}

async function endTemplates(
  tx: Queryable,
  orgId: string,
  groupIds: readonly string[],
): Promise<LostMember[]> {
  if (groupIds.length === 0) return [];
  const groups = textList(groupIds);
  const { rows: ended } = await tx.execute<EndedTemplate>(sql`
    UPDATE template t SET deleted_at = now(), updated_at = now()
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND t.group_id IN ${groups}
    RETURNING t.template_id AS "templateId", t.group_id AS "groupId", t.name`);
  const { rows: lost } = await tx.execute<LostMember & Record<string, unknown>>(sql`
    SELECT w.group_id AS "groupId", w.person_id AS "personId" FROM watch_member w
      JOIN directory_user u USING (org_id, person_id)
    WHERE w.org_id = ${orgId} AND u.gone_at IS NULL AND u.kind = 'person'
      AND w.group_id IN ${groups}
    ORDER BY w.person_id, w.group_id`);
  await forgetMembers(tx, orgId, groupIds);
  for (const table of [sql`watch_member`, sql`watch_group`]) {
    await tx.execute(sql`
      DELETE FROM ${table} WHERE org_id = ${orgId}
        AND group_id IN ${groups}`);
  }
  for (const template of ended) await recordEnd(tx, orgId, template);
  return lost;
}

async function recordEnd(tx: Queryable, orgId: string, template: EndedTemplate): Promise<void> {
  const { templateId, groupId, name } = template;
  await passOwnership(tx, orgId, templateId);
  await recordAudit(tx, {
    orgId,
    actor: systemActor,
    action: 'template.ended',
    target: `templates/groups/${groupId}`,
    details: { templateId, name, reason: 'its group was deleted' },
  });
}
