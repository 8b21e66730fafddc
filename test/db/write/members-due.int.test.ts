import { takePermit } from '../../../src/db/write/permit';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { addLicense, aRollout, removeLicense } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const minute = 60_000;
/** The lists that decide began to be read now, or years ago: a worker believes them for a minute. */
const justRead = { members: { oldest: new Date('2343-01-01'), freshForMs: minute } };
const readLongAgo = { members: { oldest: new Date('2020-01-01'), freshForMs: minute } };
const unread = { members: { oldest: null, freshForMs: minute } };
const replaced = { ...removeLicense('MS'), replacement: true };

/** Permission for the one user of a rollout with these changes, which went on so long ago. */
async function permitFor(
  changes: ReturnType<typeof addLicense>[],
  known: Parameters<typeof takePermit>[3],
  { wentOn = "now() - interval '1 hour'", also = '' } = {},
): Promise<string> {
  const { db } = database;
  const { rolloutId } = await aRollout(db, { users: [{ changes }] });
  const { $client } = db;
  await $client.query(`UPDATE rollout SET went_on_at = ${wentOn} WHERE rollout_id = $1`, [
    rolloutId,
  ]);
  if (also !== '') {
    await $client.query(`UPDATE ${also} WHERE rollout_id = $1`, [rolloutId]);
  }
  return (await takePermit(db, rolloutId, 1, known)).kind;
}

describe('takePermit, of who belongs to the groups that decide', () => {
  it.each([
    ['grants where nobody loses anything', [addLicense('MS')], unread, 'granted'],
    ['grants a replacement', [replaced], unread, 'granted'],
    ['asks for the members before a loss', [removeLicense('MS')], unread, 'members-due'],
    ['grants a loss after a fresh read', [removeLicense('MS')], justRead, 'granted'],
    ['asks again after a minute', [removeLicense('MS')], readLongAgo, 'members-due'],
    ['believes whoever has just read them', [removeLicense('MS')], {}, 'granted'],
  ])('R101 %s', async (_, changes, known, kind) => {
    expect(await permitFor(changes, known)).toBe(kind);
  });

  it('R101 asks again once the rollout has gone on, however fresh the read', async () => {
    const wentOn = "'2400-01-01'";
    expect(await permitFor([removeLicense('MS')], justRead, { wentOn })).toBe('members-due');
  });

  it.each([
    ['a pause', 'rollout SET paused = true', 'held'],
    ['an end', "rollout SET phase = 'aborted'", 'stopped'],
    ['a halt', "rollout SET phase = 'halted'", 'held'],
  ])('reads nothing for what may not begin: %s', async (_, also, kind) => {
    expect(await permitFor([removeLicense('MS')], unread, { also })).toBe(kind);
  });

  it('ends a write as it began: its first attempt may have done the work', async () => {
    const also = 'rollout_user SET intent_at = now(), attempts = 1';
    expect(await permitFor([removeLicense('MS')], unread, { also })).toBe('granted');
  });

  it('asks before it judges what has changed since the check', async () => {
    const also = "rollout SET checked_mark = 'another', checked_at = now()";
    expect(await permitFor([removeLicense('MS')], unread, { also })).toBe('members-due');
    expect(await permitFor([removeLicense('MS')], justRead, { also })).toBe('aged');
  });
});
