import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { createPlanDigest } from '../../../src/activities/plan/plan-digest';
import { inBulkTransaction } from '../../../src/db/bulk-transaction';
import { copyPlan } from '../../../src/db/plan/copy-plan';
import { listRolloutUsers } from '../../../src/db/rollout/rollout-users';
import { createPlanner, plannedUser } from '../../../src/domain/plan/planner';
import type { PlanContent } from '../../../src/domain/plan/plan-content';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { anyStory } from '../../domain/any-story';
import { contextOf, type Story } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const emptyContent = (): PlanContent => ({
  before: { licenses: [], attendeeSites: null },
  changes: [],
  kept: [],
  blocked: [],
  waiting: [],
  expected: { licenses: [], attendeeSites: null },
  pending: null,
  outcome: 'unchanged',
});

/** Names that JSON, COPY and SQL would each read in their own way. */
const displayName = 'Zoë "Q" \\N \\t\t\r\n\u2028 𝒳 {}';

function plansOf(story: Story) {
  const users = story.users.map((user) => ({ ...user, displayName }));
  const planner = createPlanner(contextOf(story));
  users.forEach((user) => planner.survey(user));
  const summary = planner.arrange();
  const placed = users.map((user, number) => {
    const again = planner.decideAgain(number, user);
    const place = planner.rememberAll(number, 1)
      ? planner.recall(number, user.personId)
      : planner.decideAgain(number, user);
    return { user, again, place };
  });
  return { summary, placed };
}

describe('a plan whose users share their contents', () => {
  it('says of each user what deciding them again says', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        for (const { again, place } of plansOf(story).placed) expect(place).toEqual(again);
      }),
    );
  });

  it('has the digest of its whole rows, and shows them whole', async () => {
    const { db } = database;
    const shown = async (rolloutId: string): Promise<PlannedUser[]> => {
      const all = { outcomes: null, wave: null, changed: null, text: null };
      const rows = await listRolloutUsers(db, { rolloutId, ...all, afterSeq: 0, limit: 100 });
      return rows.map((row) => {
        const { seq, personId, email, wave, step, before, changes, kept, blocked, ...rest } = row;
        const { waiting, expected, pending } = rest;
        const who = { seq, personId, email, displayName: row.displayName, wave, step };
        const outcome = row.outcome as PlannedUser['outcome'];
        return { ...who, before, changes, kept, blocked, waiting, expected, pending, outcome };
      });
    };
    await fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const { summary, placed } = plansOf(story);
        const whole = createHash('sha256').update(JSON.stringify(summary));
        const digest = createPlanDigest(summary);
        const plan = { orgId: randomUUID(), rolloutId: randomUUID() };
        const rows = placed.flatMap(({ user, again, place }) => {
          if (!again || !place) return [];
          whole.update(JSON.stringify(plannedUser(user, again)));
          return [{ name: user, user: place, content: digest.add(user, place) }];
        });
        expect(digest.value()).toBe(whole.digest('hex'));
        const contents = digest.newContents();
        await inBulkTransaction(db, ({ connection }) =>
          copyPlan(connection, plan, { rows, contents }),
        );
        const planned = placed.flatMap(({ user, again }) =>
          again ? [plannedUser(user, again)] : [],
        );
        expect(await shown(plan.rolloutId)).toEqual(planned.sort((a, b) => a.seq - b.seq));
      }),
      { numRuns: 50 },
    );
  });

  it('is not stored at all where its connection is lost on the way, and keeps no connection', async () => {
    const { db } = database;
    const plan = { orgId: randomUUID(), rolloutId: randomUUID() };
    const lost = inBulkTransaction(db, async ({ tx, connection }) => {
      const [row] = (await tx.execute<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
      const content = emptyContent();
      await copyPlan(connection, plan, { rows: [], contents: [{ number: 1, content }] });
      await db.execute(`SELECT pg_terminate_backend(${row!.pid})`);
      await copyPlan(connection, plan, { rows: [], contents: [{ number: 2, content }] });
    });
    await expect(lost).rejects.toThrow();
    expect(db.$client.totalCount - db.$client.idleCount).toBe(0);
    const { rows } = await db.$client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM rollout_content WHERE rollout_id = $1',
      [plan.rolloutId],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});
