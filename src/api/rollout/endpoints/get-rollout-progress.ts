import { defineEndpoint } from '../../http/endpoint';
import { requireRollout } from '../require-rollout';
import { progress } from '../schema';
import { readProgress } from '../read-progress';

export const getRolloutProgressEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/progress',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'Show the progress of a rollout',
  replies: { 200: { description: 'At most a second old', schema: progress } },
  async handle({ deps, organization, params }) {
    const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    return { status: 200, body: await readProgress(deps, row) };
  },
});
