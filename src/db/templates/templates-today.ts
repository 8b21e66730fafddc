/** The templates of a plan that is being carried out, as they are by now (R101). */
import { and, eq, sql } from 'drizzle-orm';
import type { Template } from '../../domain/model/template';
import type { Queryable } from '../connect';
import { template, templateRevision } from '../schema';
import { findTemplateById, toTemplate } from './templates';

/**
 * A revision as it counts by now: itself while it is a draft or in force, else what is in force in its
 * place; null where there is nothing any more.
 */
export async function findRevisionToday(
  db: Queryable,
  orgId: string,
  { templateId, revision }: { templateId: string; revision: number | 'latest' },
): Promise<Template | null> {
  const found = await findTemplateById(db, orgId, templateId);
  if (!found || revision === 'latest') return null;
  const { row, draft, inForce } = found;
  const counting = draft?.revision === revision ? draft : inForce;
  return counting && toTemplate(row, counting);
}

/** The template that this rollout ends (R30), also once it has ended; null if it ends none. */
export async function findTemplateEndedBy(
  db: Queryable,
  rolloutId: string,
): Promise<Template | null> {
  const [found] = await db
    .select()
    .from(template)
    .innerJoin(
      templateRevision,
      and(
        eq(templateRevision.templateId, template.templateId),
        eq(
          templateRevision.revision,
          sql`coalesce(${template.inForceRevision}, ${template.latestRevision})`,
        ),
      ),
    )
    .where(eq(template.endingRolloutId, rolloutId));
  return found ? toTemplate(found.template, found.template_revision) : null;
}
