import { defineEndpoint } from '../endpoint';
import { rolloutOf } from '../rollout-of';
import { progress } from '../schemas/rollout';
import { progressView } from '../views/progress-view';

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
