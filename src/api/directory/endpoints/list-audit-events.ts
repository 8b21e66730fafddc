import { z } from 'zod';
import { listAudit } from '../../../db/admin/audit';
import { pageOf, readCursor } from '../../http/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { auditEvent } from '../audit-schema';
import { cursorQuery, limitQuery, next } from '../../http/schema-parts';

const position = z.strictObject({ id: z.int() });

export const listAuditEventsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/audit-events',
  tag: 'Organizations',
  role: 'viewer',
  summary: 'List the audit log, newest first',
  query: z.strictObject({
    target: z.string().min(1).max(200).optional().meta({
      description: 'Only events of this target: `rollouts/…`, `templates/…`, `settings`',
    }),
    ...cursorQuery,
    ...limitQuery(100, 1_000),
  }),
  replies: {
    200: { description: 'A page', schema: z.strictObject({ items: z.array(auditEvent), next }) },
  },
  async handle({ deps, organization, query }) {
    const rows = await listAudit(deps.db, {
      orgId: organization.orgId,
      target: query.target ?? null,
      before: readCursor(position, query.cursor)?.id ?? null,
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ auditId }) => ({ id: auditId }));
    const items = page.rows.map(({ auditId, at, actor, role, action, target, details }) => ({
      id: auditId,
      at: at.toISOString(),
      actor,
      role,
      action,
      target,
      details,
    }));
    return { status: 200, body: { items, next: page.next } };
  },
});
