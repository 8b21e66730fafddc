import { z } from 'zod';
import { defineEndpoint } from '../endpoint';
import { rolloutOf } from '../rollout-of';
import { asOf, orNull } from '../schemas/parts';
import { planSummary } from '../schemas/rollout';
import { planSeconds } from '../views/estimate';
import { paceOf } from '../views/pace-view';

export const getRolloutPlanEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/plan',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'The stored plan without its rows',
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
    const row = await rolloutOf(deps.db, organization.orgId, params.rolloutId);
    const { writesPerSecond } = await paceOf(deps, row.orgId, new Date());
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
