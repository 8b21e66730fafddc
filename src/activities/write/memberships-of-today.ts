import { setTimeout as delay } from 'node:timers/promises';
import type { UserRef } from '../../contract/activities';
import { groupsToReadAgain, isReadSince, oldestListOf } from '../../db/rollout/wave-groups';
import type { KnownMembers } from '../../db/write/permit';
import type { ActivityDeps } from '../activity/deps';
import { waitFailure } from '../activity/failures';
import { patientRead } from '../activity/patient-read';
import { readMembers } from '../directory/read-groups';
import { freshForMs, groupsThatCount, incompleteLists } from './read-deciding-groups';

/** An activity that writes waits no longer for a read: it comes back. */
const longestWaitMs = 5_000;
const comeBackMs = 1_000;
/** How soon a read that failed is tried again. */
const againAfterMs = 5_000;
/** A read is fresh for at least so many times as long as it takes. */
const shareOfTime = 20;

interface Known {
  /** When the oldest of the lists that decide began to be read, by the database's clock. */
  oldest: Date | null;
  tookMs: number;
  reading: Promise<void> | null;
  failedAtMs: number | null;
}

/**
 * Who belongs to the groups that decide, while a wave is being written (R101): a wave takes hours, and a
 * pause takes days. Before a user loses something, their members are read again once the rollout has gone
 * on since, or a minute has passed: the permit says when. One read serves all users of a rollout.
 */
export class MembershipsOfToday {
  private readonly rollouts = new Map<string, Known>();

  constructor(private readonly deps: Pick<ActivityDeps, 'db' | 'webex'>) {}

  /** What a permit needs to know of them. */
  known(rolloutId: string): KnownMembers {
    const known = this.of(rolloutId);
    return { oldest: known.oldest, freshForMs: freshFor(known) };
  }

  /** Throws where Temporal must ask again: the read goes on, or has failed. */
  async ensure({ orgId, rolloutId, seq }: UserRef): Promise<void> {
    const known = this.of(rolloutId);
    if (await isReadSince(this.deps.db, { rolloutId, seq, ...this.known(rolloutId) })) return;
    const isTooSoon =
      known.failedAtMs !== null && performance.now() - known.failedAtMs < againAfterMs;
    if (isTooSoon && known.reading === null) throw comeBack();
    known.reading ??= this.read(orgId, rolloutId, known).finally(() => (known.reading = null));
    // Whoever waits for it hears of its failure; nobody may.
    known.reading.catch(() => undefined);
    const waiting = new AbortController();
    const isRead = await Promise.race([
      known.reading.then(() => true),
      delay(longestWaitMs, false, { signal: waiting.signal }).catch(() => false),
    ]).finally(() => waiting.abort());
    if (!isRead) throw comeBack();
  }

  private of(rolloutId: string): Known {
    const known = this.rollouts.get(rolloutId);
    if (known) return known;
    // Rollouts follow each other: those that have ended are forgotten with the oldest.
    const [first] = this.rollouts.keys();
    if (first !== undefined && this.rollouts.size >= 100) this.rollouts.delete(first);
    const unknown = { oldest: null, tookMs: 0, reading: null, failedAtMs: null };
    this.rollouts.set(rolloutId, unknown);
    return unknown;
  }

  private async read(orgId: string, rolloutId: string, known: Known): Promise<void> {
    const { db } = this.deps;
    const beganAtMs = performance.now();
    try {
      const counting = await groupsThatCount(db, { orgId, rolloutId });
      const of = { orgId, rolloutId, groupIds: counting, freshForMs: freshFor(known) };
      const groupIds = await groupsToReadAgain(db, of);
      if (groupIds.length > 0) {
        await patientRead(db, rolloutId, async () => {
          const { doubtful } = await readMembers(this.deps, { orgId, groupIds }, {});
          if (doubtful.length > 0) throw incompleteLists(doubtful);
        });
      }
      known.oldest = await oldestListOf(db, orgId, counting);
      known.failedAtMs = null;
      known.tookMs = performance.now() - beganAtMs;
    } catch (error) {
      known.failedAtMs = performance.now();
      throw error;
    }
  }
}

function freshFor({ tookMs }: Known): number {
  return Math.max(freshForMs, shareOfTime * tookMs);
}

function comeBack() {
  return waitFailure(comeBackMs, 'The members of the groups that decide are being read');
}
