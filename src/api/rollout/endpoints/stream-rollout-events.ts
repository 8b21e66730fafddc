import { isFinal } from '../../../domain/rollout/rollout-phase';
import { defineEndpoint } from '../../http/endpoint';
import { streamEvents } from '../../events/stream-events';
import { requireRollout } from '../require-rollout';
import { readProgress } from '../read-progress';

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
    const { rolloutId } = params;
    const read = async () => {
      const row = await requireRollout(deps.db, organization.orgId, rolloutId);
      const progress = await readProgress(deps, row);
      return { data: JSON.stringify(progress), isLast: isFinal(progress.phase) };
    };
    const row = await requireRollout(deps.db, organization.orgId, rolloutId);
    const feed = deps.feeds.of(row.rolloutId, read);
    await streamEvents({ request, response }, feed, deps.heartbeatEveryMs ?? heartbeatEveryMs);
    return null;
  },
});
