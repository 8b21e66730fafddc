import { readWaits } from '../../../src/db/rollout/progress/wait-facts';
import { waitText } from '../../../src/db/rollout/progress/wait-text';
import { findRollout } from '../../../src/db/rollout/rollouts';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { attempts, aUser } from '../../support/one-user';
import { adds, licenseId, personId, removes } from '../../support/scripted-webex';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterEach(() => database.db.$client.query('DROP FUNCTION IF EXISTS refuse() CASCADE'));
afterAll(() => database.drop());

type OneUser = Awaited<ReturnType<typeof aUser>>;
const changes = [adds('MS'), removes('RTT')];
const held = [licenseId('RTT')];

const refusesUnits = () => ({ status: 206, body: { personId: personId(1), licenses: held } });

/** Statements that change these columns fail, as after a bug in one of them. */
async function refuse(columns: string): Promise<void> {
  await database.db.$client.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'row of ada@acme.example'; END $$;
    CREATE TRIGGER refused BEFORE UPDATE OF ${columns} ON rollout_row
      FOR EACH ROW EXECUTE FUNCTION refuse()`);
}

async function waitsFor({ orgId, rolloutId }: OneUser): Promise<string | null> {
  const { db } = database;
  const row = (await findRollout(db, orgId, rolloutId))!;
  return waitText(row, await readWaits(db, row), null);
}

/** As Temporal: again after each error. Returns what is waited for after the first one. */
async function repeated(user: OneUser) {
  await expect(user.applyOnce()).rejects.toThrow();
  const said = await waitsFor(user);
  for (let n = 2; n <= 2 * attempts + 2; n += 1) {
    try {
      return { said, attempts: n, result: await user.applyOnce() };
    } catch {
      // Again.
    }
  }
  return { said, attempts: Infinity, result: null };
}

describe('R94 an error that is no answer of Webex', () => {
  it('in the call: is said, repeated, compared with a read, and ends the user', async () => {
    const user = await aUser(database.db, changes, held, { write: () => undefined });
    user.deps.webex.writeUser = () =>
      Promise.reject(new TypeError('no x of ada@acme.example\nat y'));
    const { said, result } = await repeated(user);
    const text = 'PATCH /licenses/users: no x of [address] at y';
    expect(said).toMatch(/^the next attempt for 1 user: .* \(since 20\S+Z\)$/);
    expect(said).toContain(text);
    expect(result).toMatchObject({ result: 'failed' });
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(text) as string,
      attempts,
    });
    expect(await waitsFor(user)).toBeNull();
  });

  it('in what follows an answer: is said, repeated, and ends the user as failed', async () => {
    const user = await aUser(database.db, changes, held, { write: refusesUnits });
    user.deps.unitsLeft = () => Promise.reject(new TypeError('units of undefined'));
    const { said, result, attempts: times } = await repeated(user);
    expect(said).toContain('the next attempt for 1 user: units of undefined (since 20');
    expect([result, times]).toEqual([{ result: 'failed', putBack: false, halted: null }, attempts]);
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      detail: `units of undefined, after ${attempts} attempts`,
      // Reads go on: the calls may have done something.
      unanswered_call: 1,
    });
  });

  it('before the call: is said without values, and ends the user, who counts as failed', async () => {
    const user = await aUser(database.db, changes, held, { write: () => undefined });
    await refuse('intent_at');
    const { said, result } = await repeated(user);
    expect(said).toContain('The database refused a statement: an error (P0001)');
    expect(said).not.toContain('ada@');
    expect(result).toMatchObject({ result: 'failed' });
    expect(await user.row()).toMatchObject({ outcome: 'failed', attempts: 1 });
    const row = await findRollout(database.db, user.orgId, user.rolloutId);
    expect([row!.usersWritten, row!.usersFailed]).toEqual([1, 1]);
  });

  it('that also keeps the user from being ended: holds the rollout, and says why', async () => {
    const user = await aUser(database.db, changes, held, { write: () => undefined });
    await refuse('outcome, detail, intent_at');
    const { result } = await repeated(user);
    expect(result).toMatchObject({ result: 'held' });
    expect(await user.hold()).toContain('A user could not be ended: The database refused');
  });

  it('R95 in a putting-back: holds the rollout, and what is owed is said', async () => {
    const user = await aUser(database.db, changes, held, {
      write: (n) =>
        n === 1 ? { status: 206, body: { personId: personId(1), licenses: [] } } : undefined,
    });
    expect(await user.apply()).toMatchObject({ putBack: true });
    user.deps.webex.writeUser = () => Promise.reject(new TypeError('a bug'));
    user.deps.unitsLeft = () => Promise.reject(new TypeError('units of undefined'));
    let last: unknown = null;
    for (let n = 0; n < 6 * attempts && last === null; n += 1) {
      last = await user.putBackOnce().catch(() => null);
    }
    expect(last).toMatchObject({ result: 'planned', putBack: false });
    expect(await user.hold()).toContain('units of undefined');
    expect(await waitsFor(user)).toMatch(
      /the putting back of what 1 user lost: units of undefined/,
    );
  });
});
