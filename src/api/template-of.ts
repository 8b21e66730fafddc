import type { z } from 'zod';
import type { Queryable } from '../db/connect';
import type { GroupRow, OrganizationRow } from '../db/directory';
import { findTemplate, isEmpty, type StoredTemplate } from '../db/templates';
import type { Entitlement, TemplateScope } from '../domain/model';
import { notFound, Problem } from './problem';
import { groupOfAddress } from './resolve-references';
import type { saveTemplateBody } from './schemas/template';

export async function groupScope(
  db: Queryable,
  organization: OrganizationRow,
  given: string,
): Promise<TemplateScope> {
  const { groupId } = await groupOfAddress(db, organization, given);
  return { kind: 'group', groupId };
}

export async function templateOf(
  db: Queryable,
  orgId: string,
  scope: TemplateScope,
): Promise<StoredTemplate> {
  const stored = await findTemplate(db, orgId, scope);
  if (!stored || isEmpty(stored.row)) throw notFound(`template for this ${scope.kind}`);
  return stored;
}

/** R13: the members of a location group are whoever works there, not whom somebody chose. */
export function refuseLocationGroup(group: GroupRow): void {
  if (!group.isLocation) return;
  throw new Problem(
    'group-not-usable',
    `"${group.displayName}" is the group of a location: it can hold no template (R13).`,
  );
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
