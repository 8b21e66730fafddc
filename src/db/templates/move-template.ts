/** Moves a template to the group that took the place of its own (R90). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { forgetBeliefs, listName } from '../directory/beliefs/beliefs';
import { moveMembers } from '../directory/mirror/move-members';

export interface TemplateMove {
  orgId: string;
  templateId: string;
  from: string;
  to: string;
}

/**
 * The template keeps its id, and with it revisions, draft, and the provenance of what it gave. The watch
 * compares the successor with the members that it last saw in the vanished group: who was in both hasn't
 * joined. Who was only in the vanished group is missing from the successor, which may still be filled:
 * they leave when two reads agree and the drop is believed, as in any group (R88, R89).
 */
export async function moveTemplate(tx: Queryable, move: TemplateMove): Promise<void> {
  const { orgId, templateId, from, to } = move;
  await tx.execute(sql`
    UPDATE template SET group_id = ${to}, successor_group_id = NULL, updated_at = now()
    WHERE template_id = ${templateId}`);
  for (const table of [sql`watch_member`, sql`watch_group`]) {
    await tx.execute(sql`DELETE FROM ${table} WHERE org_id = ${orgId} AND group_id = ${to}`);
    await tx.execute(sql`
      UPDATE ${table} SET group_id = ${to} WHERE org_id = ${orgId} AND group_id = ${from}`);
  }
  await moveMembers(tx, { orgId, from, to });
  // Nobody reads the vanished group again: a refusal of its members would stay for ever.
  await forgetBeliefs(tx, orgId, [listName.members(from)]);
}
