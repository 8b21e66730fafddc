import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedWrite } from '../../src/simulator/state/write-log';
import { countsOf, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

const writesPerSecond = 25;
/** Shorter than a permit lives, so that all who waited may write at once. */
const awayMs = 2_200;

describe('the pace of writes', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 150, seed: 11 },
      env: { WEBEX_WRITES_PER_SECOND: String(writesPerSecond) },
    });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  it('is kept when the database, which answered nobody for a while, answers all at once', async () => {
    await stage.control('DELETE', 'writes');
    // Without a limit by failures, as many users as fit are under way.
    const guards = { failurePercent: 100, failureMin: 100 };
    const planned = await stage.flip({ pilot: null, guards });
    await stage.caller.start(planned);
    await stage.untilWrites(20);
    await lockFor(awayMs, planned.rolloutId);
    const isDone = ({ phase }: { phase: string }) => phase === 'completed';
    const done = await stage.caller.until(planned.rolloutId, isDone);
    expect(countsOf(done).converged).toBe(planned.summary!.planned);
    expect(mostInASecond(stage.writes)).toBeLessThan(1.5 * writesPerSecond);
  });

  /** Every permit needs this row. */
  async function lockFor(ms: number, rolloutId: string): Promise<void> {
    const client = await stage.world.database.db.$client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM rollout WHERE rollout_id = $1 FOR UPDATE', [rolloutId]);
      await delay(ms);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }
});

/** By the simulator's clock, wherever the second begins. */
function mostInASecond(writes: readonly LoggedWrite[]): number {
  const arrivals = writes.map(({ arrivedAt }) => arrivedAt).sort((one, other) => one - other);
  const following = arrivals.map(
    (from, i) => arrivals.slice(i).filter((at) => at < from + 1_000).length,
  );
  return Math.max(...following);
}
