import { defineEndpoint } from '../../http/endpoint';
import { dropUntriedDraft } from '../drop-untried-draft';
import type { TemplateSide } from '../template-side';

export const dropTemplateDraftEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'delete',
    path: `${side.path}/draft`,
    tag: 'Templates',
    role: 'admin',
    summary: `Drop the draft of ${side.template}`,
    description: 'Refused while a rollout of the draft has not ended.',
    ifMatch: true,
    replies: { 204: { description: 'Dropped; the revision in force is unchanged' } },
    problems: [...side.nameProblems, 'no-draft', 'draft-pending'],
    async handle(exchange) {
      const { deps, organization, caller, requireMatch } = exchange;
      const scope = await side.scope(exchange);
      await dropUntriedDraft(deps.db, {
        ...{ orgId: organization.orgId, scope, caller, requireMatch },
      });
      return { status: 204 };
    },
  });
