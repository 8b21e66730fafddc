/**
 * An error that no answer of Webex and no outage explains: a bug, a statement that the database refuses,
 * an answer that it can't store. Repeating it for ever would keep the rollout waiting without a word. It
 * is noted, repeated a few times, and then ends the user's write, or halts the rollout:
 *
 *   the error comes          before its last time   the last time
 *   from a write             noted, again           the user failed; the failure guard counts it
 *   from a putting-back      noted, again           the rollout is held: the user is owed something (R95)
 *   from ending the user     -                      the rollout is held
 */
import { CancelledFailure, TemporalFailure } from '@temporalio/common';
import type { ApplyResult, UserRef } from '../../contract/activities';
import { databaseError, plainMessage } from '../../database-error';
import { recordHold } from '../../db/rollout/hold';
import { holdIfTripped } from '../../db/write/failure-guard';
import { failUser, noteTrouble } from '../../db/write/trouble';
import { withoutAddresses } from '../../domain/model/text/without-addresses';
import type { ActivityDeps } from '../activity/deps';

const longest = 300;

type Deps = Pick<ActivityDeps, 'db' | 'logger' | 'maxWriteAttempts'>;

/** Counts per worker: each user's errors in a row. */
export class UnexpectedErrors {
  private readonly times = new Map<string, number>();

  constructor(
    private readonly deps: Deps,
    private readonly kind: 'write' | 'put-back',
  ) {}

  async bound(user: UserRef, work: () => Promise<ApplyResult>): Promise<ApplyResult> {
    const key = `${user.rolloutId}/${user.seq}`;
    try {
      const result = await work();
      this.times.delete(key);
      return result;
    } catch (error) {
      if (!isUnexpected(error)) throw error;
      const times = (this.times.get(key) ?? 0) + 1;
      this.times.set(key, times);
      const detail = troubleText(error);
      await this.note(user, detail);
      if (times < this.deps.maxWriteAttempts) throw error;
      this.times.delete(key);
      return await this.end(user, { error, detail: `${detail}, after ${times} attempts` });
    }
  }

  /** What can't be noted is repeated, and bounded, all the same. */
  private async note(user: UserRef, detail: string): Promise<void> {
    try {
      await noteTrouble(this.deps.db, user, detail);
    } catch (failure) {
      if (!isUnexpected(failure)) throw failure;
    }
  }

  private async end(
    user: UserRef,
    { error, detail }: { error: unknown; detail: string },
  ): Promise<ApplyResult> {
    const { db, logger } = this.deps;
    const { rolloutId, seq } = user;
    logger.error({ err: error, rolloutId, seq }, 'a user could not be written');
    if (this.kind === 'put-back') {
      await recordHold(db, rolloutId, detail);
      return { result: 'planned', putBack: false, halted: detail };
    }
    try {
      await failUser(db, user, detail);
    } catch (failure) {
      if (!isUnexpected(failure)) throw failure;
      await recordHold(db, rolloutId, `A user could not be ended: ${troubleText(failure)}`);
      throw failure;
    }
    return { result: 'failed', putBack: false, halted: await holdIfTripped(db, rolloutId) };
  }
}

/** Neither a wait that was asked for, nor a worker that ends, nor a database that is away. */
export function isUnexpected(error: unknown): boolean {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return false;
  return databaseError(error)?.isPassing !== true;
}

/** One line without data: of PostgreSQL, no values; of everything else, no addresses. */
export function troubleText(error: unknown): string {
  const line = withoutAddresses(plainMessage(error)).replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
