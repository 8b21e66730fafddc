import { z } from 'zod';
import { listRollouts } from '../../../db/rollout/rollouts';
import { phases } from '../../../domain/rollout/rollout-phase';
import { pageOf, positions, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { instantParameter } from '../../http/parameters/instants';
import { cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';
import { rolloutBrief } from '../schema';
import { listParameter } from '../../http/parameters/query-parameters';
import { rolloutBriefView } from '../rollout-view';

const position = z.strictObject({ createdAt: positions.instant, rolloutId: z.uuid() });

export const listRolloutsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'List rollouts, newest first',
  query: z.strictObject({
    phase: listParameter(phases).optional(),
    templateId: z.uuid().optional().meta({ description: 'Only rollouts of this template' }),
    createdAfter: instantParameter
      .optional()
      .meta({ description: 'Only rollouts created after this time' }),
    ...cursorQuery,
    ...limitQuery(50, 500),
  }),
  replies: {
    200: { description: 'A page', schema: z.strictObject({ items: z.array(rolloutBrief), next }) },
  },
  async handle({ deps, organization, query }) {
    const after = readCursor(position, query.cursor);
    const rows = await listRollouts(deps.db, {
      orgId: organization.orgId,
      phases: query.phase ?? null,
      templateId: query.templateId ?? null,
      createdAfter: query.createdAfter === undefined ? null : new Date(query.createdAfter),
      after: after && { ...after, createdAt: new Date(after.createdAt) },
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ createdAt, rolloutId }) => ({
      createdAt: createdAt.toISOString(),
      rolloutId,
    }));
    return { status: 200, body: { items: page.rows.map(rolloutBriefView), next: page.next } };
  },
});
