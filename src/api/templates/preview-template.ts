import type { z } from 'zod';
import type { Queryable } from '../../db/connect';
import { findTemplate } from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import { checkTemplate } from './check-template';
import { completeRequestOptions } from '../plan/complete-request-body';
import { planRollout, type PlanExchange } from '../plan/plan-rollout';
import type { Reply } from '../http/exchange';
import type { previewBody } from './schema';
import { otherSideOf } from './switch-side';

/** A template that isn't saved, and the users it would reach. */
export interface PreviewAsked {
  scope: TemplateScope;
  /** Name of a template that doesn't exist yet. */
  fallbackName: string;
  body: z.output<typeof previewBody>;
}

/** Plans what saving and rolling out would do: checked as if it were saved, stored as a plan that can't be started. */
export function previewTemplate(exchange: PlanExchange, asked: PreviewAsked): Promise<Reply> {
  const { organization } = exchange;
  const { orgId } = organization;
  const { scope, body } = asked;
  return planRollout(exchange, {
    address: `preview/${scope.kind === 'group' ? scope.groupId : 'organization'}`,
    fingerprint: body,
    async complete(tx: Queryable) {
      const { entitlements, settings } = await checkTemplate(tx, { orgId, body });
      const mode = settings.compositionMode;
      const left = await otherSideOf(tx, { orgId, scope, mode });
      const existing = await findTemplate(tx, orgId, scope);
      const name = body.name ?? existing?.row.name ?? asked.fallbackName;
      const switching = left.length > 0 ? { switchesSide: true as const } : {};
      const change = { kind: 'preview' as const, scope, name, entitlements, ...switching };
      const request = await completeRequestOptions(tx, organization, { change, body });
      return { request, template: null };
    },
  });
}
