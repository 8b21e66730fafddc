import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { livingRolloutsOf } from '../../db/rollout/rollouts';
import {
  deleteTemplates,
  findTemplateById,
  listTemplates,
  type StoredTemplate,
} from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import type { OrgSettings } from '../../domain/model/settings';
import { organizationAddress, rolloutAddress, templateAddress } from '../http/parameters/addresses';
import { Problem } from '../http/problem';
import type { Caller } from '../../roles';

/**
 * R2: templates of the side that a save in `exclusive` mode would leave. Without a confirmed switch
 * they refuse the save, and the problem names the way out. Each is locked until the transaction ends.
 */
export async function sideToLeave(
  tx: Queryable,
  save: {
    orgId: string;
    scope: TemplateScope;
    mode: OrgSettings['compositionMode'];
    isConfirmed: boolean;
  },
): Promise<StoredTemplate[]> {
  const { orgId, scope, mode, isConfirmed } = save;
  if (mode !== 'exclusive') {
    if (isConfirmed) throw nothingToLeave(mode);
    return [];
  }
  const others = await otherSideOf(tx, { orgId, scope, mode });
  if (others.length === 0) return [];
  if (!isConfirmed) throw otherSide(orgId, scope, others);
  const locked: StoredTemplate[] = [];
  for (const { row } of others.sort((a, b) => (a.row.templateId < b.row.templateId ? -1 : 1))) {
    const template = await findTemplateById(tx, orgId, row.templateId, true);
    if (template) locked.push(template);
  }
  await refuseSideInUse(tx, locked);
  return locked;
}

/** Templates that can't exist next to one of this scope in `exclusive` mode (R2). */
export async function otherSideOf(
  tx: Queryable,
  { orgId, scope, mode }: Pick<Parameters<typeof sideToLeave>[1], 'orgId' | 'scope' | 'mode'>,
): Promise<StoredTemplate[]> {
  if (mode !== 'exclusive') return [];
  const templates = await listTemplates(tx, orgId);
  return templates.filter(({ row }) => row.scope !== scope.kind);
}

/** Deletes them in the transaction of the save; no user's licenses change (R3). */
export async function leaveSide(
  tx: Queryable,
  leave: { orgId: string; templates: readonly StoredTemplate[]; caller: Caller; now: Date },
): Promise<void> {
  const { orgId, templates, caller, now } = leave;
  const ids = templates.map(({ row }) => row.templateId);
  await deleteTemplates(tx, ids, now);
  for (const { row } of templates) {
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'template.deleted',
      target: `templates/${row.templateId}`,
      details: {
        name: row.name,
        because: 'the organization switched to the other kind of template',
      },
    });
  }
}

function nothingToLeave(mode: OrgSettings['compositionMode']): Problem {
  const detail = `The composition mode is ${mode}, which allows both kinds of template: there is nothing to switch.`;
  return new Problem('invalid-request', detail, {
    errors: [{ pointer: '/switchSide', code: 'not-exclusive', detail }],
  });
}

function otherSide(
  orgId: string,
  scope: TemplateScope,
  others: readonly StoredTemplate[],
): Problem {
  const has =
    scope.kind === 'group' ? 'there is an organization template' : 'there are group templates';
  const settings = `${organizationAddress(orgId)}/settings`;
  const body = { switchSide: { confirm: true } };
  return new Problem(
    'composition-conflict',
    `The composition mode is exclusive and ${has} already. To switch, save this template with ${JSON.stringify(body)} and without draft: ` +
      `the listed templates are deleted in the same step, and no user loses a license. To keep both kinds, set compositionMode to union or group-overrides-organization at ${settings}.`,
    {
      members: {
        templates: others.map(({ row }) => templateAddress(orgId, row.groupId)),
        switchWith: body,
        settings,
      },
    },
  );
}

/** Templates with a rollout or a draft aren't deleted; the problem names every one of these. */
async function refuseSideInUse(tx: Queryable, templates: readonly StoredTemplate[]): Promise<void> {
  const conflicts: string[] = [];
  for (const { row } of templates) {
    const living = await livingRolloutsOf(tx, row.templateId);
    conflicts.push(...living.map(({ orgId, rolloutId }) => rolloutAddress(orgId, rolloutId)));
    if (living.length === 0 && row.draftRevision !== null) {
      conflicts.push(`${templateAddress(row.orgId, row.groupId)}/draft`);
    }
  }
  const [first] = conflicts;
  if (first === undefined) return;
  throw new Problem(
    'template-in-use',
    `Templates that this switch would delete are in use. Let these rollouts end, abort or discard them, and drop these drafts first: ${conflicts.join(', ')}.`,
    { members: { conflictsWith: first, conflicts } },
  );
}
