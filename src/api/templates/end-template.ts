import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { countGivenBy } from '../../db/templates/count-given';
import { passOwnership } from '../../db/templates/pass-ownership';
import { deleteTemplates, findTemplate, type StoredTemplate } from '../../db/templates/templates';
import { counted } from '../../domain/model/text/wording';
import type { TemplateScope } from '../../domain/model/template';
import { completeRequest } from '../../domain/kinds/complete-request';
import { planRollout, type PlanExchange } from '../plan/plan-rollout';
import type { RequireMatch } from '../http/entity-tag';
import type { Reply } from '../http/exchange';
import { notFound, Problem } from '../http/problem';
import { canEnd } from '../plan/complete-change';
import { refuseEnd, refuseLiving } from '../plan/refuse-in-use';
import type { Caller } from '../../roles';
import { requireTemplate } from './require-template';
import { templateTag } from './template-tag';

/**
 * Ends a template once that is confirmed (R30). With preserve no user loses anything, and it ends
 * immediately (R24). Without, a rollout that waits for its start removes what it granted.
 */
export async function endTemplate(
  exchange: PlanExchange,
  asked: { scope: TemplateScope; isConfirmed: boolean; preserve: boolean },
  requireMatch: RequireMatch,
): Promise<Reply> {
  const { deps, organization, caller } = exchange;
  const { orgId } = organization;
  const { scope, isConfirmed, preserve } = asked;
  if (preserve) {
    await deps.db.transaction(async (tx) => {
      const stored = await requireTemplate(tx, orgId, scope, true);
      requireMatch(templateTag(stored));
      await refuseLiving(tx, stored);
      if (!isConfirmed) throw await unconfirmed(tx, stored, preserve);
      await end(tx, stored, caller);
    });
    return { status: 204 };
  }
  return planRollout(exchange, {
    address: `delete-template/${scope.kind === 'group' ? scope.groupId : 'organization'}`,
    fingerprint: { isConfirmed },
    async complete(tx) {
      const template = await requireEndable(tx, orgId, scope);
      requireMatch(templateTag(template));
      await refuseEnd(tx, template);
      if (!isConfirmed) throw await unconfirmed(tx, template, preserve);
      const { templateId } = template.row;
      return {
        request: completeRequest({ change: { kind: 'delete-template', templateId } }),
        template,
      };
    },
  });
}

/** Also a template that never governed, if its pilot got something that can be taken back. */
async function requireEndable(
  tx: Queryable,
  orgId: string,
  scope: TemplateScope,
): Promise<StoredTemplate> {
  const stored = await findTemplate(tx, orgId, scope, true);
  if (stored && (await canEnd(tx, stored))) return stored;
  throw notFound(`template for this ${scope.kind}`);
}

async function end(tx: Queryable, { row }: StoredTemplate, caller: Caller): Promise<void> {
  const { orgId, templateId, name } = row;
  await deleteTemplates(tx, [templateId], new Date());
  await passOwnership(tx, orgId, templateId);
  const target = `templates/${templateId}`;
  const details = { name };
  await recordAudit(tx, { orgId, actor: caller, action: 'template.deleted', target, details });
}

/** R30: what would happen, before it does. */
async function unconfirmed(
  tx: Queryable,
  { row }: StoredTemplate,
  preserve: boolean,
): Promise<Problem> {
  const { users, licenses } = await countGivenBy(tx, row.orgId, row.templateId);
  const given = `It granted ${counted(licenses, 'license')} to ${counted(users, 'user')}`;
  const what = preserve
    ? `${given}, who keep them; new users no longer get anything from it`
    : `${given}: a rollout is planned that removes them unless another template grants them, and nothing is removed before you start it`;
  return new Problem(
    'confirmation-required',
    `This ends template "${row.name}". ${what}. Send the request again with confirm=true.`,
    {
      members: {
        confirmWith: { confirm: true },
        preserve,
        usersLicensed: users,
        licensesGiven: licenses,
      },
    },
  );
}
