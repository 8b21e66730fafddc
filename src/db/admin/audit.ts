import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { auditEvent } from '../schema';

export type AuditRow = typeof auditEvent.$inferSelect;

export interface AuditEntry {
  orgId: string;
  actor: { name: string; role: string };
  /** `template.saved`, `rollout.created` … */
  action: string;
  /** The address of what was changed, as the API has it: `rollouts/<id>`. */
  target: string;
  details?: Record<string, unknown>;
}

/** Says who changed what; call it in the transaction of the change. */
export async function recordAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  await db.insert(auditEvent).values({
    orgId: entry.orgId,
    actor: entry.actor.name,
    role: entry.actor.role,
    action: entry.action,
    target: entry.target,
    details: entry.details ?? {},
  });
}

/** Records an event of its kind and target once, however often it is asked for. */
export async function recordAuditOnce(db: Queryable, entry: AuditEntry): Promise<void> {
  const { orgId, action, target } = entry;
  const [known] = await db
    .select({ auditId: auditEvent.auditId })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.orgId, orgId),
        eq(auditEvent.action, action),
        eq(auditEvent.target, target),
      ),
    )
    .limit(1);
  if (!known) await recordAudit(db, entry);
}

export interface AuditPage {
  orgId: string;
  target: string | null;
  /** The id of the last event of the page before. */
  before: number | null;
  limit: number;
  /** The details of a page together are hardly larger; a single event always has its place. */
  mostBytes: number;
}

/** Newest first, and whether there are older ones. */
export async function listAudit(
  db: Queryable,
  page: AuditPage,
): Promise<{ rows: AuditRow[]; hasMore: boolean }> {
  const found = await db
    .select({
      auditId: auditEvent.auditId,
      bytes: sql<number>`octet_length(${auditEvent.details}::text)`,
    })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.orgId, page.orgId),
        page.target === null ? undefined : eq(auditEvent.target, page.target),
        page.before === null ? undefined : lt(auditEvent.auditId, page.before),
      ),
    )
    .orderBy(desc(auditEvent.auditId))
    .limit(page.limit + 1);
  const ids = firstOf(found, page);
  if (ids.length === 0) return { rows: [], hasMore: false };
  const rows = await db
    .select()
    .from(auditEvent)
    .where(and(eq(auditEvent.orgId, page.orgId), inArray(auditEvent.auditId, ids)))
    .orderBy(desc(auditEvent.auditId));
  return { rows, hasMore: found.length > ids.length };
}

/** The events that fit on a page, at least one. */
function firstOf(
  found: readonly { auditId: number; bytes: number }[],
  { limit, mostBytes }: AuditPage,
): number[] {
  const ids: number[] = [];
  let bytes = 0;
  for (const event of found.slice(0, limit)) {
    bytes += event.bytes;
    if (ids.length > 0 && bytes > mostBytes) break;
    ids.push(event.auditId);
  }
  return ids;
}
