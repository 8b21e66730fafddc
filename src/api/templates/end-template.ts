import { recordAudit } from '../../db/admin/audit';
import type { Db, Queryable } from '../../db/connect';
import { countGivenBy } from '../../db/templates/count-given';
import { passOwnership } from '../../db/templates/pass-ownership';
import {
  deleteTemplates,
  dropDraft,
  findTemplate,
  isEmpty,
  type StoredTemplate,
} from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import { completeRequest } from '../../domain/kinds/complete-request';
import { planRollout, type PlanExchange } from '../plan/plan-rollout';
import { draftPending } from '../plan/draft-pending';
import type { Reply } from '../http/exchange';
import { notFound, Problem } from '../http/problem';
import { rolloutTryingDraft, refuseEnd, refuseLiving } from '../plan/refuse-in-use';
import type { Caller } from '../../roles';

interface TemplateAsked {
  orgId: string;
  scope: TemplateScope;
  caller: Caller;
}

/**
 * Ends a template once that is confirmed (R30). With preserve nobody loses anything, and it ends at
 * once (R24); without, what it gave goes, as a rollout that waits for its start.
 */
export async function endTemplate(
  exchange: PlanExchange,
  asked: { scope: TemplateScope; isConfirmed: boolean; preserve: boolean },
): Promise<Reply> {
  const { deps, organization, caller } = exchange;
  const { orgId } = organization;
  const { scope, isConfirmed, preserve } = asked;
  if (preserve) {
    await deps.db.transaction(async (tx) => {
      const stored = await endable(tx, orgId, scope);
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
      const template = await endable(tx, orgId, scope);
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

async function endable(
  tx: Queryable,
  orgId: string,
  scope: TemplateScope,
): Promise<StoredTemplate> {
  const stored = await findTemplate(tx, orgId, scope, true);
  if (!stored || isEmpty(stored.row)) throw notFound(`template for this ${scope.kind}`);
  return stored;
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
  const given = `It gave ${counted(licenses, 'license')} to ${counted(users, 'user')}`;
  const what = preserve
    ? `${given}, who keep them; new users get nothing from it any more (R24)`
    : `${given}: a rollout is planned that takes them where no other template grants them, and nothing is taken before you start it (R30)`;
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

function counted(n: number, noun: string): string {
  return `${n} ${n === 1 ? noun : `${noun}s`}`;
}

/** Drops a draft that no living rollout tries (R16a). */
export async function dropUntriedDraft(db: Db, asked: TemplateAsked): Promise<void> {
  const { orgId, scope, caller } = asked;
  await db.transaction(async (tx) => {
    const stored = await findTemplate(tx, orgId, scope, true);
    if (!stored) throw notFound(`template for this ${scope.kind}`);
    const { templateId, draftRevision, inForceRevision } = stored.row;
    if (draftRevision === null) throw new Problem('no-draft', 'There is no draft to drop.');
    const trying = await rolloutTryingDraft(tx, stored);
    if (trying) throw draftPending(stored, trying);
    await dropDraft(tx, templateId, new Date());
    if (inForceRevision === null) await deleteTemplates(tx, [templateId], new Date());
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'template.draft-dropped',
      target: `templates/${templateId}`,
      details: { revision: draftRevision },
    });
  });
}
