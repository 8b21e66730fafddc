import { countReactions, listFloods } from '../../../db/watch/reactions';
import { readSettings } from '../../../db/admin/settings';
import { readWatchState } from '../../../db/watch/watch-state';
import { organizationAddress, rolloutAddress } from '../../http/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { watch as schema } from '../schema';

export const getWatchEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/watch',
  tag: 'Watch',
  role: 'viewer',
  summary: 'Show the watch of the directory and what it found',
  description:
    "The watch finds new users and group changes and reconciles them by rollouts that start automatically. It can't be turned off; its interval is a setting.",
  replies: { 200: { description: 'The watch', schema } },
  async handle({ deps, organization }) {
    const { orgId } = organization;
    const { settings } = await readSettings(deps.db, orgId);
    const { baselineAt, lookedAt, looks, readBy, lastError } = await readWatchState(deps.db, orgId);
    const { waiting, deferred } = await countReactions(deps.db, orgId);
    const floods = await listFloods(deps.db, orgId);
    const self = organizationAddress(orgId);
    const body = {
      baselineAt: baselineAt?.toISOString() ?? null,
      lookedAt: lookedAt?.toISOString() ?? null,
      looks,
      readBy,
      ...settings.watch,
      waiting,
      deferred,
      floods: floods.map(({ rolloutId, users, reason }) => ({
        rollout: rolloutAddress(orgId, rolloutId),
        users,
        reason,
      })),
      lastError,
      links: { rollouts: `${self}/rollouts`, settings: `${self}/settings` },
    };
    return { status: 200, body };
  },
});
