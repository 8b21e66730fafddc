import type { Queryable } from '../../db/connect';
import { findTemplate } from '../../db/templates/templates';
import type { Entitlement, TemplateScope } from '../../domain/model/template';
import { checkTemplate } from './check-template';
import { completeRequestOptions, type RequestOptionsBody } from '../plan/complete-request-body';
import { planRollout, type PlanExchange } from '../plan/plan-rollout';
import type { Reply } from '../http/exchange';
import { otherSideOf } from './switch-side';

/** A template that isn't saved, and whom it would reach. */
export interface PreviewAsked {
  scope: TemplateScope;
  name: string | undefined;
  /** Name of a template that there isn't yet. */
  fallbackName: string;
  entitlements: Entitlement[];
  body: RequestOptionsBody;
}

/** Plans what saving and rolling out would do: checked like a save, stored as a plan that can't be started. */
export function previewTemplate(exchange: PlanExchange, asked: PreviewAsked): Promise<Reply> {
  const { organization } = exchange;
  const { orgId } = organization;
  const { scope, body } = asked;
  return planRollout(exchange, {
    address: `preview/${scope.kind === 'group' ? scope.groupId : 'organization'}`,
    fingerprint: body,
    async complete(tx: Queryable) {
      const { entitlements, settings } = await checkTemplate(tx, {
        orgId,
        entitlements: asked.entitlements,
      });
      const mode = settings.compositionMode;
      const left = await otherSideOf(tx, { orgId, scope, mode });
      const existing = await findTemplate(tx, orgId, scope);
      const name = asked.name ?? existing?.row.name ?? asked.fallbackName;
      const switching = left.length > 0 ? { switchesSide: true as const } : {};
      const change = { kind: 'preview' as const, scope, name, entitlements, ...switching };
      const request = await completeRequestOptions(tx, organization, { change, body });
      return { request, template: null };
    },
  });
}
