import { findRollout } from '../db/rollouts';
import type { ApiDeps } from './deps';
import { notFound } from './problem';
import { ProgressFeed } from './progress-feed';
import { progressView } from './views/progress-view';

const feedsOf = new WeakMap<ApiDeps, Map<string, ProgressFeed>>();

/** The feed of a rollout, shared by all its readers in this process. */
export function progressFeed(
  deps: ApiDeps,
  rollout: { orgId: string; rolloutId: string },
): ProgressFeed {
  const feeds = feedsOf.get(deps) ?? new Map<string, ProgressFeed>();
  feedsOf.set(deps, feeds);
  const { orgId, rolloutId } = rollout;
  const known = feeds.get(rolloutId);
  if (known) return known;
  const feed = new ProgressFeed(
    async () => {
      const row = await findRollout(deps.db, orgId, rolloutId);
      if (!row) throw notFound('rollout with this id');
      return progressView(deps, row);
    },
    {
      everyMs: deps.progressEveryMs ?? 1_000,
      firstId: Date.now(),
      onIdle: () => feeds.delete(rolloutId),
      onError: (err) => deps.logger.warn({ err, rolloutId }, 'progress could not be read'),
    },
  );
  feeds.set(rolloutId, feed);
  return feed;
}
