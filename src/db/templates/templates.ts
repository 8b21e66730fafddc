import { and, asc, desc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import type { Entitlement, Template, TemplateScope } from '../../domain/model/template';
import type { Queryable } from '../connect';
import { template, templateRevision } from '../schema';

export type TemplateRow = typeof template.$inferSelect;
export type RevisionRow = typeof templateRevision.$inferSelect;

/** A template with its revision in force and its draft (R16a). */
export interface StoredTemplate {
  row: TemplateRow;
  inForce: RevisionRow | null;
  draft: RevisionRow | null;
}

export function templateScope(row: TemplateRow): TemplateScope {
  return row.groupId === null ? { kind: 'organization' } : { kind: 'group', groupId: row.groupId };
}

/** Whether the template has no revision left: its only draft was dropped. */
export function isEmpty(row: TemplateRow): boolean {
  return row.inForceRevision === null && row.draftRevision === null;
}

/** Templates that are neither deleted nor empty: the organization's first, then by name. */
export async function listTemplates(db: Queryable, orgId: string): Promise<StoredTemplate[]> {
  const rows = await db
    .select()
    .from(template)
    .where(and(eq(template.orgId, orgId), isNull(template.deletedAt)))
    .orderBy(desc(template.scope), asc(template.name), asc(template.templateId));
  return withRevisions(
    db,
    rows.filter((row) => !isEmpty(row)),
  );
}

/** The template of a scope (R1), unless deleted. `lock` locks its row until the transaction ends. */
export async function findTemplate(
  db: Queryable,
  orgId: string,
  scope: TemplateScope,
  lock = false,
): Promise<StoredTemplate | undefined> {
  const isOfScope =
    scope.kind === 'group'
      ? eq(template.groupId, scope.groupId)
      : eq(template.scope, 'organization');
  return findLiving(db, and(eq(template.orgId, orgId), isOfScope), lock);
}

export async function findTemplateById(
  db: Queryable,
  orgId: string,
  templateId: string,
  lock = false,
): Promise<StoredTemplate | undefined> {
  const isNamed = eq(template.templateId, templateId);
  return findLiving(db, and(eq(template.orgId, orgId), isNamed), lock);
}

async function findLiving(
  db: Queryable,
  condition: SQL | undefined,
  lock: boolean,
): Promise<StoredTemplate | undefined> {
  const query = db
    .select()
    .from(template)
    .where(and(condition, isNull(template.deletedAt)));
  const [found] = await withRevisions(db, await (lock ? query.for('update') : query));
  return found;
}

/** Newest first. */
export function listRevisions(db: Queryable, templateId: string): Promise<RevisionRow[]> {
  return db
    .select()
    .from(templateRevision)
    .where(eq(templateRevision.templateId, templateId))
    .orderBy(desc(templateRevision.revision));
}

/** The templates in force, in the form of the domain. A template with only a draft isn't among them. */
export async function templatesInForce(db: Queryable, orgId: string): Promise<Template[]> {
  const stored = await listTemplates(db, orgId);
  return stored.flatMap(({ row, inForce }) => (inForce ? [toTemplate(row, inForce)] : []));
}

/** One revision of a template that isn't deleted, in the form of the domain. */
export async function findRevision(
  db: Queryable,
  { templateId, revision }: { templateId: string; revision: number | 'latest' },
): Promise<Template | null> {
  const [found] = await db
    .select()
    .from(template)
    .innerJoin(templateRevision, eq(templateRevision.templateId, template.templateId))
    .where(
      and(
        eq(template.templateId, templateId),
        eq(templateRevision.revision, revision === 'latest' ? template.latestRevision : revision),
        isNull(template.deletedAt),
      ),
    );
  return found ? toTemplate(found.template, found.template_revision) : null;
}

export function toTemplate(row: TemplateRow, { revision, entitlements }: RevisionRow): Template {
  const { templateId, name } = row;
  return { templateId, scope: templateScope(row), name, revision, entitlements };
}

/**
 * Adds a revision, which never changes, and creates the template if it doesn't exist. A draft waits
 * (R16a); any other revision is in force at once (R23). The caller holds the row's lock and has checked
 * R1 and R2.
 */
export async function saveRevision(
  db: Queryable,
  save: {
    orgId: string;
    scope: TemplateScope;
    existing: TemplateRow | null;
    newTemplateId: string;
    name: string;
    entitlements: Entitlement[];
    draft: boolean;
    actor: string;
    now: Date;
  },
): Promise<StoredTemplate> {
  const templateId = save.existing?.templateId ?? save.newTemplateId;
  const revision = (save.existing?.latestRevision ?? 0) + 1;
  const pointers = save.draft ? { draftRevision: revision } : { inForceRevision: revision };
  const changed = { name: save.name, latestRevision: revision, updatedAt: save.now, ...pointers };
  if (save.existing) {
    await db.update(template).set(changed).where(eq(template.templateId, templateId));
  } else {
    await db.insert(template).values({
      orgId: save.orgId,
      templateId,
      scope: save.scope.kind,
      groupId: save.scope.kind === 'group' ? save.scope.groupId : null,
      createdAt: save.now,
      ...changed,
    });
  }
  await db.insert(templateRevision).values({
    orgId: save.orgId,
    templateId,
    revision,
    entitlements: save.entitlements,
    createdAt: save.now,
    createdBy: save.actor,
  });
  const saved = await findTemplateById(db, save.orgId, templateId);
  if (!saved) throw new Error('a saved template was not found');
  return saved;
}

/** Drops the draft of a template. Its revision remains in the history. */
export async function dropDraft(db: Queryable, templateId: string, now: Date): Promise<void> {
  await db
    .update(template)
    .set({ draftRevision: null, draftRolloutId: null, updatedAt: now })
    .where(eq(template.templateId, templateId));
}

/** Binds the draft to the rollout that tries it. */
export async function bindDraft(
  db: Queryable,
  templateId: string,
  rolloutId: string,
): Promise<void> {
  await db
    .update(template)
    .set({ draftRolloutId: rolloutId })
    .where(eq(template.templateId, templateId));
}

/** Binds the end of a template to this rollout (R30). The template is in force until then. */
export async function bindEnding(
  db: Queryable,
  templateId: string,
  rolloutId: string,
): Promise<void> {
  await db
    .update(template)
    .set({ endingRolloutId: rolloutId })
    .where(eq(template.templateId, templateId));
}

/** Ends templates. No license changes (R24, R30 with preserve). */
export async function deleteTemplates(
  db: Queryable,
  templateIds: readonly string[],
  now: Date,
): Promise<void> {
  if (templateIds.length === 0) return;
  await db
    .update(template)
    .set({ deletedAt: now, updatedAt: now })
    .where(inArray(template.templateId, [...templateIds]));
}

async function withRevisions(db: Queryable, rows: TemplateRow[]): Promise<StoredTemplate[]> {
  if (rows.length === 0) return [];
  const revisions = await db
    .select()
    .from(templateRevision)
    .where(
      inArray(
        templateRevision.templateId,
        rows.map((row) => row.templateId),
      ),
    );
  const byKey = new Map(revisions.map((r) => [`${r.templateId}/${r.revision}`, r]));
  const pick = (row: TemplateRow, revision: number | null) =>
    revision === null ? null : (byKey.get(`${row.templateId}/${revision}`) ?? null);
  return rows.map((row) => ({
    row,
    inForce: pick(row, row.inForceRevision),
    draft: pick(row, row.draftRevision),
  }));
}
