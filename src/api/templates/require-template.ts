import type { z } from 'zod';
import type { Queryable } from '../../db/connect';
import type { OrganizationRow } from '../../db/directory/find-directory';
import { findTemplate, isEmpty, type StoredTemplate } from '../../db/templates/templates';
import type { Entitlement, TemplateScope } from '../../domain/model/template';
import { toWebexId } from '../../domain/model/webex-id';
import { notFound } from '../http/problem';
import { requireGroup } from '../directory/resolve-references';
import type { saveTemplateBody } from './schema';

export async function groupScope(
  db: Queryable,
  organization: OrganizationRow,
  given: string,
): Promise<TemplateScope> {
  const named = toWebexId('group', given, organization.orgUuid);
  if (named !== undefined) {
    // A template outlives the sight of its group (R33): it can still be looked at, dropped and deleted.
    const scope: TemplateScope = { kind: 'group', groupId: named };
    if (await findTemplate(db, organization.orgId, scope)) return scope;
  }
  const { groupId } = await requireGroup(db, organization, given);
  return { kind: 'group', groupId };
}

export async function requireTemplate(
  db: Queryable,
  orgId: string,
  scope: TemplateScope,
): Promise<StoredTemplate> {
  const stored = await findTemplate(db, orgId, scope);
  if (!stored || isEmpty(stored.row)) throw notFound(`template for this ${scope.kind}`);
  return stored;
}

/** Without the keys that were left out. */
export function entitlementsOf(
  body: Pick<z.output<typeof saveTemplateBody>, 'entitlements'>,
): Entitlement[] {
  return body.entitlements.map(({ offer, site, accountType }) => ({
    offer,
    ...(site === undefined ? {} : { site }),
    ...(accountType === undefined ? {} : { accountType }),
  }));
}
