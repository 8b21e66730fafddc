import { recordAuditOnce } from '../../db/admin/audit';
import type { Db } from '../../db/connect';
import { plainMessage } from '../../database-error';
import { systemActor } from '../../domain/model/actor';
import type { Logger } from '../../logger';

const firstWaitMs = 2_000;
const longestWaitMs = 300_000;

/** What upkeep failed to do for one row. */
export interface FailedRow {
  orgId: string;
  rolloutId: string;
  /** For the log and the audit events: `rollout.workflow-not-started`. */
  action: string;
  message: string;
}

/**
 * Rows that upkeep has failed at. They rest, longer after each failure, so that they never keep the rows
 * behind them waiting, and each is reported once: in the log of this process, and in the audit events.
 */
export class PoisonedRows {
  private readonly resting = new Map<string, { failures: number; untilMs: number }>();

  constructor(
    private readonly deps: { db: Db; logger: Logger },
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Keys of the rows that rest now. */
  keys(): string[] {
    return [...this.resting].flatMap(([key, { untilMs }]) => (untilMs > this.now() ? [key] : []));
  }

  rests(key: string): boolean {
    return (this.resting.get(key)?.untilMs ?? 0) > this.now();
  }

  /** The row worked, or is no longer there. */
  forget(key: string): void {
    this.resting.delete(key);
  }

  /** Nobody has answered yet: the row rests, and nothing is wrong with it. */
  postpone(key: string, longestMs: number): void {
    this.rest(key, longestMs);
  }

  async failed(key: string, error: unknown, row: FailedRow): Promise<void> {
    const isFirst = this.rest(key, longestWaitMs) === 1;
    if (!isFirst) return;
    const { db, logger } = this.deps;
    const { orgId, rolloutId, action, message } = row;
    logger.error({ err: error, orgId, rolloutId, action }, message);
    await recordAuditOnce(db, {
      orgId,
      actor: systemActor,
      action,
      target: `rollouts/${rolloutId}`,
      details: { reason: plainMessage(error) },
    }).catch((failure: unknown) =>
      logger.warn({ err: failure }, 'an audit event was not recorded'),
    );
  }

  /** Returns the number of failures in a row. */
  private rest(key: string, longestMs: number): number {
    const failures = (this.resting.get(key)?.failures ?? 0) + 1;
    const waitMs = Math.min(longestMs, firstWaitMs * 2 ** Math.min(failures - 1, 20));
    this.resting.set(key, { failures, untilMs: this.now() + waitMs });
    return failures;
  }
}
