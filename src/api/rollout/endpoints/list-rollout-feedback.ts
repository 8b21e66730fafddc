import { z } from 'zod';
import { listFeedback } from '../../../db/rollout/feedback';
import { pageOf, positions, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { requireRollout } from '../require-rollout';
import { feedback } from '../feedback/feedback-schema';
import { cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';
import { feedbackView } from '../feedback/feedback-view';

const position = z.strictObject({ id: positions.serial });

export const listRolloutFeedbackEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/feedback',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'List the feedback about a rollout, newest first',
  query: z.strictObject({ ...cursorQuery, ...limitQuery(100, 1_000) }),
  replies: {
    200: { description: 'A page', schema: z.strictObject({ items: z.array(feedback), next }) },
  },
  async handle({ deps, organization, params, query }) {
    const { rolloutId } = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    const rows = await listFeedback(deps.db, {
      rolloutId,
      before: readCursor(position, query.cursor)?.id ?? null,
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ feedbackId }) => ({ id: feedbackId }));
    return { status: 200, body: { items: page.rows.map(feedbackView), next: page.next } };
  },
});
