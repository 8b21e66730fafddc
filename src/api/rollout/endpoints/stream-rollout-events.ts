import { defineEndpoint } from '../../http/endpoint';
import { progressFeed } from '../feed-registry';
import { rolloutOf } from '../find-rollout';
import { streamProgress } from '../stream-progress';

const heartbeatEveryMs = 15_000;

export const streamRolloutEventsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/events',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'Progress as server-sent events',
  description:
    'Begins with `snapshot`; `progress` with a numbered id for every change; `end` when the rollout has ended. Goes on after `Last-Event-ID`, or says `resync` and sends a snapshot.',
  replies: {
    200: { description: 'Events with a Progress as data', contentType: 'text/event-stream' },
    204: { description: 'The rollout has ended and you have seen its last event' },
  },
  async handle({ deps, organization, params, request, response }) {
    const row = await rolloutOf(deps.db, organization.orgId, params.rolloutId);
    const feed = progressFeed(deps, row);
    await streamProgress({ request, response }, feed, deps.heartbeatEveryMs ?? heartbeatEveryMs);
    return null;
  },
});
