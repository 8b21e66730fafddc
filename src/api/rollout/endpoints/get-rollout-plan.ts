import { z } from 'zod';
import { defineEndpoint } from '../../http/endpoint';
import { requireRollout } from '../require-rollout';
import { asOf, orNull } from '../../http/parameters/schema-parts';
import { planSummary } from '../schema';
import { planSeconds } from '../estimate';
import { currentPace } from '../../directory/current-pace';

export const getRolloutPlanEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/plan',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'Show the stored plan without its rows',
  replies: {
    200: {
      description: 'The plan; null while it is being made',
      schema: z.strictObject({
        digest: orNull(z.string()),
        summary: orNull(planSummary),
        planSeconds: orNull(z.number()),
        asOf,
        links: z.strictObject({ users: z.string() }),
      }),
    },
  },
  async handle({ deps, organization, params, request }) {
    const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    const { writesPerSecond } = await currentPace(deps, row.orgId);
    return {
      status: 200,
      body: {
        digest: row.digest,
        summary: row.summary,
        planSeconds: row.summary && planSeconds(row.summary, writesPerSecond),
        asOf: row.plannedAt?.toISOString() ?? null,
        links: { users: request.path.replace(/plan$/, 'users') },
      },
    };
  },
});
