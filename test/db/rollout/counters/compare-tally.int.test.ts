import { sql } from 'drizzle-orm';
import {
  compareTally,
  takeRolloutToCompare,
} from '../../../../src/db/rollout/counters/compare-tally';
import { countOutcomes } from '../../../../src/db/rollout/rollouts';
import { recordUnwritten } from '../../../../src/db/rollout/wave-rows';
import type { Phase } from '../../../../src/domain/rollout/rollout-phase';
import { createWorkerMetrics } from '../../../../src/worker/metrics';
import { counterTasks } from '../../../../src/worker/upkeep/counter-tasks';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { differentCounters, differentGuards } from '../../../support/different-counters';
import { aRollout, valueOf, type SeededRollout } from '../../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function aPlan(phase: Phase = 'rolling-out'): Promise<SeededRollout> {
  const rollout = await aRollout(database.db, { phase, users: [{}, {}, { wave: 2 }] });
  await set(rollout, 'planned_at = now()');
  return rollout;
}

function set({ rolloutId }: SeededRollout, assignments: string) {
  return database.db.$client.query(`UPDATE rollout SET ${assignments} WHERE rollout_id = $1`, [
    rolloutId,
  ]);
}

const compare = ({ orgId, rolloutId }: SeededRollout) =>
  compareTally(database.db, orgId, rolloutId);

/** As nothing does: counters without rows, and another figure of the guard. */
async function falsify(rollout: SeededRollout): Promise<void> {
  await database.db.execute(sql`
    INSERT INTO rollout_tally (rollout_id, wave, outcome, users, written, seen, unseen, untaken,
      retryable, waiting)
    VALUES (${rollout.rolloutId}, 1, 'failed', 5, 0, 0, 0, 5, 5, 0)`);
  await set(rollout, 'users_failed = users_failed + 2');
}

const audited = ({ rolloutId }: SeededRollout) =>
  valueOf<number>(
    database.db,
    `SELECT count(*)::int FROM audit_event
     WHERE action = 'rollout.counters-repaired' AND target = 'rollouts/' || $1`,
    [rolloutId],
  );

describe('comparing the counters of a rollout with its rows', () => {
  it('changes nothing and says nothing where they agree', async () => {
    const rollout = await aPlan();
    expect((await compare(rollout)).differences).toEqual([]);
    expect(await audited(rollout)).toBe(0);
  });

  it('repairs what differs, and leaves an entry in the audit log that says what it was', async () => {
    const rollout = await aPlan();
    await falsify(rollout);
    expect(await differentCounters(database.db)).not.toEqual([]);
    expect(await countOutcomes(database.db, rollout.rolloutId)).toEqual({ planned: 3, failed: 5 });
    const { differences } = await compare(rollout);
    expect(differences).toEqual([
      {
        wave: null,
        outcome: 'guard',
        missing: { written: 0, failed: -2, in_flight: 0, between_attempts: 0 },
      },
      {
        wave: 1,
        outcome: 'failed',
        missing: {
          users: -5,
          written: 0,
          seen: 0,
          unseen: 0,
          untaken: -5,
          retryable: -5,
          waiting: 0,
        },
      },
    ]);
    expect(await countOutcomes(database.db, rollout.rolloutId)).toEqual({ planned: 3 });
    expect(await differentCounters(database.db)).toEqual([]);
    expect(await differentGuards(database.db)).toEqual([]);
    expect(await audited(rollout)).toBe(1);
  });

  it('repairs once, however many workers compare at the same time, while rows go on changing', async () => {
    const rollout = await aPlan();
    await falsify(rollout);
    const { rolloutId } = rollout;
    const change = (seq: number) =>
      recordUnwritten(database.db, { rolloutId, seqs: [seq], outcome: 'gone', detail: 'left' });
    const [found] = await Promise.all([
      Promise.all([1, 2, 3].map(() => compare(rollout))),
      ...[1, 2, 3].map(change),
    ]);
    expect(found.filter(({ differences }) => differences.length > 0)).toHaveLength(1);
    expect(await differentCounters(database.db)).toEqual([]);
    expect(await differentGuards(database.db)).toEqual([]);
    expect(await countOutcomes(database.db, rolloutId)).toEqual({ gone: 3 });
  });

  it('leaves the counters of the guard alone once retention may have deleted rows', async () => {
    const rollout = await aPlan('completed');
    await set(rollout, 'users_written = 7');
    expect((await compare(rollout)).differences).toEqual([]);
    await set(rollout, 'users_written = 0');
  });
});

describe('whose turn it is', () => {
  const next = ({ orgId }: SeededRollout) => takeRolloutToCompare(database.db, orgId);

  it.each([
    ['was never compared', 'counted_at = NULL', true],
    ['was compared yesterday', `counted_at = now() - interval '25 hours'`, true],
    ['was compared today', `counted_at = now() - interval '23 hours'`, false],
    [
      'ended yesterday and was compared then',
      `ended_at = now() - interval '26 hours', counted_at = now() - interval '25 hours'`,
      true,
    ],
    [
      'ended long ago and was compared since',
      `ended_at = now() - interval '40 days', counted_at = now() - interval '29 days'`,
      false,
    ],
    [
      'ended long ago and was compared a month ago',
      `ended_at = now() - interval '90 days', counted_at = now() - interval '31 days'`,
      true,
    ],
    ['has no plan', 'planned_at = NULL', false],
  ])('a rollout that %s', async (_, assignments, isDue) => {
    const rollout = await aPlan();
    await set(rollout, assignments);
    expect(await next(rollout)).toBe(isDue ? rollout.rolloutId : null);
    expect(await next(rollout)).toBeNull();
  });

  it('is said by upkeep, one rollout per turn, in the log and in the metrics', async () => {
    const rollout = await aPlan();
    await falsify(rollout);
    const lines: unknown[] = [];
    const logger = { error: (...line: unknown[]) => lines.push(line) };
    const metrics = createWorkerMetrics();
    const deps = { db: database.db, orgId: rollout.orgId, logger };
    const tasks = counterTasks(deps as unknown as Parameters<typeof counterTasks>[0], metrics);
    for (let turn = 0; turn < 2; turn += 1) {
      for (const task of tasks) await task.run();
    }
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain(rollout.rolloutId);
    const text = await metrics.registry.metrics();
    expect(text).toContain('seatwise_rollout_counters_compared_total{result="repaired"} 1');
    expect(text).toContain('seatwise_rollout_counters_compared_total{result="equal"} 0');
  });
});
