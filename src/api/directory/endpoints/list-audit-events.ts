import { z } from 'zod';
import { listAudit } from '../../../db/admin/audit';
import { positions, readCursor, writeCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { auditEvent } from '../audit-schema';
import { cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';

/** Events can be large: a page has fewer of them then. */
const pageBytes = 4 * 1_024 * 1_024;

const position = z.strictObject({ id: positions.serial });

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
    const page = await listAudit(deps.db, {
      orgId: organization.orgId,
      target: query.target ?? null,
      before: readCursor(position, query.cursor)?.id ?? null,
      limit: query.limit,
      mostBytes: pageBytes,
    });
    const last = page.rows.at(-1);
    const next = page.hasMore && last ? writeCursor({ id: last.auditId }) : null;
    const items = page.rows.map(({ auditId, at, actor, role, action, target, details }) => ({
      id: auditId,
      at: at.toISOString(),
      actor,
      role,
      action,
      target,
      details,
    }));
    return { status: 200, body: { items, next } };
  },
});
