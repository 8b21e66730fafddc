import { findRollout } from '../../db/rollout/rollouts';
import type { ApiDeps } from '../http/deps';
import { notFound } from '../http/problem';
import { ProgressFeed } from './progress-feed';
import { progressView } from './progress-view';

const feedsOf = new WeakMap<ApiDeps, Map<string, ProgressFeed>>();

/** Feeds that nobody follows are kept for readers who come back, up to this many. */
const mostFeeds = 100;

/** The feed of a rollout, shared by all its readers in this process. */
export function progressFeed(
  deps: ApiDeps,
  rollout: { orgId: string; rolloutId: string },
): ProgressFeed {
  const feeds = feedsOf.get(deps) ?? new Map<string, ProgressFeed>();
  feedsOf.set(deps, feeds);
  const { rolloutId } = rollout;
  const feed = feeds.get(rolloutId) ?? makeFeed(deps, rollout);
  // A map keeps the order of insertion: the one that was asked for last goes to its end.
  feeds.delete(rolloutId);
  feeds.set(rolloutId, feed);
  for (const [id, { isFollowed }] of feeds) {
    if (feeds.size <= mostFeeds) break;
    if (!isFollowed && id !== rolloutId) feeds.delete(id);
  }
  return feed;
}

function makeFeed(
  deps: ApiDeps,
  { orgId, rolloutId }: { orgId: string; rolloutId: string },
): ProgressFeed {
  return new ProgressFeed(
    async () => {
      const row = await findRollout(deps.db, orgId, rolloutId);
      if (!row) throw notFound('rollout with this id');
      return progressView(deps, row);
    },
    {
      everyMs: deps.progressEveryMs ?? 1_000,
      firstId: Date.now(),
      onError: (err) => deps.logger.warn({ err, rolloutId }, 'progress could not be read'),
    },
  );
}
