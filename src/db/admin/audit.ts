import { and, desc, eq, lt } from 'drizzle-orm';
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

/** Newest first; `before` is the id of the last event of the page before. */
export function listAudit(
  db: Queryable,
  page: { orgId: string; target: string | null; before: number | null; limit: number },
): Promise<AuditRow[]> {
  return db
    .select()
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.orgId, page.orgId),
        page.target === null ? undefined : eq(auditEvent.target, page.target),
        page.before === null ? undefined : lt(auditEvent.auditId, page.before),
      ),
    )
    .orderBy(desc(auditEvent.auditId))
    .limit(page.limit);
}
