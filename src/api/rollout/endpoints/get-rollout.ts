import { defineEndpoint } from '../../http/endpoint';
import { requireRollout } from '../require-rollout';
import { rollout } from '../schema';
import { readRollout } from '../read-rollout';

export const getRolloutEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'Show a rollout and the actions that are possible now',
  replies: { 200: { description: 'The rollout', schema: rollout } },
  async handle({ deps, organization, params }) {
    const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    return { status: 200, body: await readRollout(deps, organization, row) };
  },
});
