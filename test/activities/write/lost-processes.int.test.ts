import { takePermit } from '../../../src/db/write/permit';
import { takePutBack } from '../../../src/db/write/put-back';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aUser } from '../../support/one-user';
import { adds, licenseId, personId, removes, type Asked } from '../../support/scripted-webex';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const site = 'acme.webex.com';
const [ms, rtt, host] = [licenseId('MS'), licenseId('RTT'), licenseId('EE', site)];
const swap = [adds('MS'), removes('RTT')];
type User = Awaited<ReturnType<typeof aUser>>;

const call = async ({ deps }: User, changes = swap) => {
  await deps.webex.writeUser(personId(1), changes);
};
const permit = async ({ deps, rolloutId }: User) => {
  expect(await takePermit(deps.db, rolloutId, 1)).toMatchObject({ kind: 'granted' });
};

const permitAndCall = async (user: User) => {
  await permit(user);
  await call(user);
};

describe('a process that ends in the middle of a write, and another worker that goes on', () => {
  it.each<[string, (user: User) => Promise<unknown>, number]>([
    ['before the permit', () => Promise.resolve(), 1],
    ['after the permit', permit, 1],
    ['after the call', permitAndCall, 2],
    [
      'after two calls',
      async (user) => {
        await permitAndCall(user);
        await permitAndCall(user);
      },
      3,
    ],
    ['after the outcome', (user) => user.apply(), 1],
  ])('%s: one effect, one outcome, one entry for each change', async (_, die, writes) => {
    const user = await aUser(database.db, swap, [rtt], { write: () => undefined });
    await die(user);
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect([...user.holds]).toEqual([ms]);
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
    expect(await user.row()).toMatchObject({ in_flight_until: null, unanswered_call: null });
    const calls = user.scripted.calls().filter((one) => one.startsWith('PATCH'));
    expect(calls).toHaveLength(writes);
  });

  const half = ({ body }: Asked) => {
    const asked = body as { licenses: { id: string }[] };
    asked.licenses = asked.licenses.filter(({ id }) => id !== ms);
    return undefined;
  };

  it.each<[string, (user: User) => Promise<unknown>]>([
    ['after the call', permitAndCall],
    ['before the putting back', (user) => user.apply()],
    [
      'after its permit',
      async ({ apply, deps, rolloutId }) => {
        await apply();
        await takePutBack(deps.db, rolloutId, 1);
      },
    ],
    [
      'after its call',
      async (user) => {
        await user.apply();
        await takePutBack(user.deps.db, user.rolloutId, 1);
        await call(user, [adds('RTT')]);
      },
    ],
    ['after its outcome', (user) => user.run()],
  ])('R95 %s: the user has back what the call had removed', async (_, die) => {
    const user = await aUser(database.db, swap, [rtt], { write: (_n, asked) => half(asked) });
    await die(user);
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
    expect(await user.row()).toMatchObject({ put_back: null, in_flight_until: null });
  });

  it('R40 between what was done and the call with the missing half', async () => {
    const user = await aUser(database.db, [adds('EE', site), adds('MS')], [], {
      sites: [site],
      hidesSites: true,
      write(_n, { body }) {
        const asked = body as { licenses: { id: string }[]; siteUrls?: unknown };
        if (!asked.siteUrls) asked.licenses = asked.licenses.filter(({ id }) => id !== host);
        return undefined;
      },
    });
    const { db } = user.deps;
    await expect(user.applyOnce()).rejects.toThrow();
    // The process ended before it could store the missing half.
    await db.$client.query(
      `UPDATE rollout_user SET own_changes = (SELECT jsonb_agg(c) FROM jsonb_array_elements(changes) c
         WHERE c->'target'->>'kind' = 'license') WHERE rollout_id = $1`,
      [user.rolloutId],
    );
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect([...user.holds].sort()).toEqual([host, ms].sort());
    expect([...user.sites]).toEqual([]);
  });
});
