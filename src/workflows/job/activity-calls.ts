/** The activities that workflows call, grouped by what a call costs. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../contract/activities';

/** One short database transaction: repeated until the database answers. */
const record = proxyActivities<Activities>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** As `record`, after a plan was decided again: with many users that takes minutes, and sends heartbeats. */
const decide = proxyActivities<Activities>({
  startToCloseTimeout: '2h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** As `record`, and in a long wave a dozen reads of Webex before it, which end after 20 s at most. */
const look = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** Waits for calls in flight, which end within the HTTP time-out. */
const drain = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** Bulk reads of Webex and the database: they take minutes, send heartbeats, and are repeated until they work. */
const bulk = proxyActivities<Activities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
  priority: { priorityKey: 4 },
});

/**
 * A check of the watch: a few tries, and then the next check replaces it. It goes before the bulk reads
 * of rollouts, so that new users don't wait for them.
 */
const watch = proxyActivities<Activities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '30s', maximumAttempts: 5 },
  priority: { priorityKey: 2 },
});

export const { movePhase, beginRollout, setHold } = decide;
export const { noteProgress, setPace, withholdRest, giveUp, reopenFailed, judgeGate } = record;
export const { readShardPage } = look;
export const { drainWrites } = drain;
export const {
  lookAtDirectory,
  openReactions,
  readGroupMembers,
  confirmMissing,
  compareDirectory,
} = watch;
export const { observe, planRollout, rereadWave, sweep } = bulk;
