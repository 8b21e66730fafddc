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
  summary: 'Stream progress as server-sent events',
  description:
    'Begins with `snapshot`, then sends `progress` with a numbered id for every change, and `end` with the last Progress when the rollout has ended. Continues after `Last-Event-ID`; if that event is no longer known, sends `resync` and a snapshot.',
  replies: {
    200: { description: 'Events with a Progress as data', contentType: 'text/event-stream' },
    204: { description: 'The rollout has ended and the last event was already received' },
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
