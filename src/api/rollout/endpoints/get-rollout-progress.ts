import { defineEndpoint } from '../../http/endpoint';
import { rolloutOf } from '../find-rollout';
import { progress } from '../schema';
import { progressView } from '../progress-view';

export const getRolloutProgressEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/progress',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'How far a rollout is',
  replies: { 200: { description: 'At most a second old', schema: progress } },
  async handle({ deps, organization, params }) {
    const row = await rolloutOf(deps.db, organization.orgId, params.rolloutId);
    return { status: 200, body: await progressView(deps, row) };
  },
});
