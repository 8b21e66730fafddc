import type { Queryable } from '../../db/connect';
import { findTemplate, isEmpty, type StoredTemplate } from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import { notFound } from '../http/problem';

/** The template of a scope, 404 if there is none. `lock` keeps it unchanged until the transaction ends. */
export async function requireTemplate(
  db: Queryable,
  orgId: string,
  scope: TemplateScope,
  lock = false,
): Promise<StoredTemplate> {
  const stored = await findTemplate(db, orgId, scope, lock);
  if (!stored || isEmpty(stored.row)) throw notFound(`template for this ${scope.kind}`);
  return stored;
}
