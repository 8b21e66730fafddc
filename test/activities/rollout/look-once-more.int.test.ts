import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities';
import { rereadWaveActivities } from '../../../src/activities/rollout/reread-wave';
import type { Db } from '../../../src/db/connect';
import { WebexError, type Webex, type WebexUser } from '../../../src/webex/port/webex';
import { licenseId } from '../../domain/builders';
import { anOrganization, organization } from '../../support/aged-plan';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo } from '../../support/mirror-story';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

const asShown = (personId: string, offers: string[]): WebexUser => ({
  personId,
  email: `${personId}@example.com`,
  displayName: personId,
  addresses: [`${personId}@example.com`],
  kind: 'person',
  status: 'active',
  invitePending: null,
  loginEnabled: null,
  calling: null,
  createdAt: longAgo,
  holdings: { licenses: offers.map((offer) => licenseId(offer)), attendeeSites: [] },
});
const planned = ['FMS', 'FTM', 'RTT'];

/** A plan of thirty users, all in wave 1, last read so many seconds ago. */
async function aWave(readSecondsAgo: number, answer: (personId: string) => WebexUser | WebexError) {
  const { orgId, save, plan } = await anOrganization(db);
  const templateId = await save(organization, ['MS']);
  const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
  await db.$client.query(
    `UPDATE directory_user SET read_at = now() - $2 * interval '1 second' WHERE org_id = $1`,
    [orgId, readSecondsAgo],
  );
  const asked: string[][] = [];
  const warned: unknown[] = [];
  const webex: Pick<Webex, 'readPeople'> = {
    async *readPeople(personIds) {
      await Promise.resolve();
      asked.push([...personIds]);
      const users = personIds.map(answer);
      const failed = users.find((one) => one instanceof WebexError);
      if (failed) throw failed;
      yield { users: users.filter((one) => !(one instanceof WebexError)), notFound: [] };
    },
  };
  const logger = { warn: (about: unknown) => warned.push(about) };
  const { readShardPage } = rereadWaveActivities({ db, webex, logger } as unknown as ActivityDeps);
  const read = async (fromSeq: number, limit: number) => {
    const page = { orgId, rolloutId, wave: 1, fromSeq, toSeq: 1_000, limit };
    const rows: unknown = await new MockActivityEnvironment().run(readShardPage, page);
    return rows as Awaited<ReturnType<typeof readShardPage>>;
  };
  const conflicts = async () => {
    const { rows } = await db.$client.query<{ person_id: string }>(
      `SELECT person_id FROM rollout_user WHERE rollout_id = $1 AND outcome = 'conflict'`,
      [rolloutId],
    );
    return rows.map(({ person_id: id }) => id).sort();
  };
  return { asked, warned, read, conflicts };
}

describe('the users of a long wave who are next', () => {
  it('R31a are not written if somebody else gave them what the plan adds', async () => {
    const given = ['p02', 'p05'];
    const { asked, read, conflicts } = await aWave(60, (id) =>
      asShown(id, given.includes(id) ? [...planned, 'MS'] : planned),
    );
    expect(await read(0, 10)).toHaveLength(10);
    expect(asked.map(({ length }) => length)).toEqual([10]);
    expect(await conflicts()).toEqual(given.filter((id) => asked[0]!.includes(id)));
    expect((await conflicts()).length).toBeGreaterThan(0);
  });

  it('are not read again while the read before the wave is fresh', async () => {
    const { asked, read, conflicts } = await aWave(5, (id) => asShown(id, []));
    expect(await read(0, 10)).toHaveLength(10);
    expect(asked).toEqual([]);
    expect(await conflicts()).toEqual([]);
  });

  it('are read once, however often their page is asked for', async () => {
    const { asked, read } = await aWave(60, (id) => asShown(id, planned));
    await read(0, 10);
    await read(0, 10);
    expect(asked).toHaveLength(1);
  });

  it('are written as planned where Webex gives no answer', async () => {
    const error = new WebexError('unavailable', 'GET /people: 503', { operation: 'GET /people' });
    const { read, conflicts, warned } = await aWave(60, () => error);
    expect(await read(0, 10)).toHaveLength(10);
    expect(await conflicts()).toEqual([]);
    expect(warned).toEqual([{ reason: 'GET /people: 503' }]);
  });
});
