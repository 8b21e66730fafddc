/** Templates of groups that are known to be deleted (R33). */
import { systemActor } from '../../domain/model/actor';
import { sql } from 'drizzle-orm';
import { recordAudit } from '../admin/audit';
import type { Queryable } from '../connect';
import { textList } from '../sql';
import { passOwnership } from '../templates/pass-ownership';

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
 * Ends the templates of groups that two reads in a row didn't show (R33), forgets their members, and
 * returns the last known members. This changes no license; R26 decides what follows for the members.
 */
export async function endTemplatesOfDeletedGroups(
  tx: Queryable,
  orgId: string,
): Promise<LostMember[]> {
  const { rows: ended } = await tx.execute<EndedTemplate>(sql`
    UPDATE template t SET deleted_at = now(), updated_at = now() FROM directory_group g
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL AND g.org_id = t.org_id
      AND g.group_id = t.group_id AND g.deleted_at IS NOT NULL
    RETURNING t.template_id AS "templateId", t.group_id AS "groupId", t.name`);
  if (ended.length === 0) return [];
  const groups = textList(ended.map(({ groupId }) => groupId));
  const { rows: lost } = await tx.execute<LostMember & Record<string, unknown>>(sql`
    SELECT w.group_id AS "groupId", w.person_id AS "personId" FROM watch_member w
      JOIN directory_user u USING (org_id, person_id)
    WHERE w.org_id = ${orgId} AND u.gone_at IS NULL AND u.kind = 'person'
      AND w.group_id IN ${groups}
    ORDER BY w.person_id, w.group_id`);
  for (const table of [sql`directory_member`, sql`watch_member`, sql`watch_group`]) {
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
