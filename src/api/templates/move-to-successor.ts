import { recordAudit } from '../../db/admin/audit';
import type { Db } from '../../db/connect';
import { findGroups, type GroupRow } from '../../db/directory/find-directory';
import { moveTemplate } from '../../db/templates/move-template';
import {
  deleteTemplates,
  findTemplate,
  isEmpty,
  type StoredTemplate,
} from '../../db/templates/templates';
import { lockWatchState } from '../../db/watch/watch-state';
import type { RequireMatch } from '../http/entity-tag';
import { Problem } from '../http/problem';
import type { Caller } from '../../roles';
import { requireTemplate } from './require-template';
import { templateTag } from './template-tag';

interface Asked {
  orgId: string;
  from: string;
  to: GroupRow;
  caller: Caller;
  requireMatch: RequireMatch;
}

/** Moves the template of a group that has vanished, in one step with what the watch remembers (R90). */
export async function moveToSuccessor(db: Db, asked: Asked): Promise<StoredTemplate> {
  const { orgId, from, to, caller } = asked;
  return db.transaction(async (tx) => {
    // No check compares members while the group of a template changes.
    await lockWatchState(tx, orgId);
    const stored = await requireTemplate(tx, orgId, { kind: 'group', groupId: from }, true);
    asked.requireMatch(templateTag(stored));
    const [living] = await findGroups(tx, { orgId, ids: [from], names: [] });
    if (living?.goneAt === null) {
      const text = `The group "${living.displayName}" still exists: its template can't be moved.`;
      throw new Problem('group-exists', text);
    }
    const target = { kind: 'group', groupId: to.groupId } as const;
    const taken = await findTemplate(tx, orgId, target, true);
    if (taken && !isEmpty(taken.row)) {
      const text = `"${to.displayName}" has a template already: delete one of the two.`;
      throw new Problem('group-not-usable', text);
    }
    const { templateId, name } = stored.row;
    if (taken) await deleteTemplates(tx, [taken.row.templateId], new Date());
    await moveTemplate(tx, { orgId, templateId, from, to: to.groupId });
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'template.moved',
      target: `templates/${templateId}`,
      details: { name, from, to: to.groupId },
    });
    return requireTemplate(tx, orgId, target);
  });
}
