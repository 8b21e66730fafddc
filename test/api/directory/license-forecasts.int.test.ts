import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beginRead } from '../../../src/db/directory/reads';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { ledger, rollout } from '../../../src/db/schema';
import {
  licenseIdOf,
  orgId,
  personIdOf,
  seedDirectory,
  seedRollout,
  summary,
} from '../../support/api/seed';
import { startTestApi, type TestApi } from '../../support/api/test-api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.delete(rollout);
  await api.database.db.delete(ledger);
});

type Operation = 'add' | 'remove';

/** The licenses were read in between. */
const [before, after] = ['2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'];

/** An ended rollout has added or removed this many units of Advanced Messaging. */
function wrote(operation: Operation, users: number, at: string) {
  return api.database.db.execute(sql`
    INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor, at)
    SELECT ${orgId}, 'person-' || n, ${randomUUID()}::uuid, n, ${operation}, ${licenseIdOf('MS')},
      '{}', 'rollout', ${at}::timestamptz FROM generate_series(1, ${users}::int) AS n`);
}

const change = { kind: 'remove-services' as const, services: ['messaging' as const] };
const request = completeRequest({ change: { ...change, from: { organization: true } } });

/** A plan that takes this many units of Advanced Messaging; at planning it had other figures. */
function aPlan(taken: number, given: Parameters<typeof seedRollout>[1] = {}) {
  const [unit] = summary.units;
  const units = [{ ...unit!, taken, unitsLeft: 500, unitsLeftAfter: 500 - taken }];
  return seedRollout(api.database.db, { request, summary: { ...summary, units }, ...given });
}

async function licenseOf(offer: string) {
  const list = await api.call('get', 'licenses');
  return (list.body.items as { offer: string }[]).find((one) => one.offer === offer);
}

const addressOf = (rolloutId: string) => `/v1/organizations/${orgId}/rollouts/${rolloutId}`;

describe('forecasts of licenses', () => {
  it('R46 R47 say what each open plan makes of the units of today, and all together', async () => {
    const small = await aPlan(4);
    const large = await aPlan(7);
    expect(await licenseOf('MS')).toMatchObject({
      unitsLeft: 9,
      forecast: [
        { rollout: addressOf(small), taken: 4, freed: 0, unitsLeftAfter: 5, shortage: 0 },
        { rollout: addressOf(large), taken: 7, freed: 0, unitsLeftAfter: 2, shortage: 0 },
      ],
      openPlans: { plans: 2, taken: 11, freed: 0, waiting: 0, unitsLeftAfter: 0, shortage: 2 },
    });
    expect(await licenseOf('EE')).toMatchObject({
      forecast: [],
      openPlans: { plans: 0, taken: 0, unitsLeftAfter: 4, shortage: 0 },
    });
    expect(await licenseOf('FMS')).toMatchObject({
      unitsLeft: null,
      service: 'messaging',
      openPlans: { unitsLeftAfter: null, shortage: 0 },
    });
  });

  it.each<[string, Parameters<typeof seedRollout>[1]]>([
    ['was discarded', { phase: 'discarded' }],
    ['has expired', { phase: 'expired' }],
    ['has expired, and no worker has said so yet', { expiresAt: new Date('2026-01-01T00:00:00Z') }],
    ['is being planned again', { phase: 'planning' }],
    ['only verifies', { phase: 'verifying' }],
    [
      'is a preview',
      {
        request: completeRequest({
          change: {
            kind: 'preview',
            scope: { kind: 'organization' },
            name: 'Everybody',
            entitlements: [{ offer: 'MS' }],
            switchesSide: true,
          },
        }),
      },
    ],
    [
      'exceeds its removal budget',
      { request: { ...request, guards: { ...request.guards, maxRemovals: 0 } } },
    ],
  ])('leave out a plan that %s', async (_, given) => {
    await aPlan(4, given);
    expect(await licenseOf('MS')).toMatchObject({
      forecast: [],
      openPlans: { plans: 0, taken: 0 },
    });
  });

  it('count of a plan that is being written only what is left', async () => {
    const rolloutId = await aPlan(40, { phase: 'rolling-out' });
    expect(await licenseOf('MS')).toMatchObject({
      forecast: [{ rollout: addressOf(rolloutId), taken: 1, unitsLeftAfter: 8 }],
    });
    const become = (outcome: string, writtenAt: string) =>
      api.database.db.execute(sql`
        UPDATE rollout_user SET outcome = ${outcome}, written_at = ${writtenAt}::timestamptz
        WHERE rollout_id = ${rolloutId} AND person_id = ${personIdOf(1)}`);
    await become('applied', '2026-02-01T00:00:00Z');
    await wrote('add', 1, '2026-02-01T00:00:00Z');
    // The figures of the license are older than the write.
    expect(await licenseOf('MS')).toMatchObject({
      unitsLeft: 8,
      openPlans: { taken: 0, unitsLeftAfter: 8 },
    });
    await api.database.db.delete(ledger);
    await become('applied', '2026-01-01T00:00:00Z');
    expect(await licenseOf('MS')).toMatchObject({ openPlans: { taken: 0, unitsLeftAfter: 9 } });
    await become('conflict', '2026-02-01T00:00:00Z');
    expect(await licenseOf('MS')).toMatchObject({ forecast: [], openPlans: { plans: 0 } });
  });

  it.each<[string, [Operation, number, string][], number, number]>([
    ['nothing', [], 9, 9],
    ['five units that a rollout has used since', [['add', 5, after]], 4, 4],
    ['all that was used since, also more than Webex sold', [['add', 12, after]], 0, 0],
    ['nothing that Webex had counted', [['add', 5, before]], 9, 9],
    ['a freed unit only once Webex shows it', [['remove', 1, after]], 9, 10],
    [
      'a freed unit against one that was used',
      [
        ['add', 3, after],
        ['remove', 2, after],
      ],
      8,
      8,
    ],
  ])(
    'R46 R47 count, whatever became of the rollout: %s',
    async (_, writes, unitsLeft, unitsLeftAfter) => {
      for (const write of writes) await wrote(...write);
      expect(await licenseOf('MS')).toMatchObject({
        consumedUnits: 1,
        unitsLeft,
        openPlans: { unitsLeftAfter },
      });
      expect(await licenseOf('EE')).toMatchObject({ unitsLeft: 4 });
      await aPlan(7);
      const { openPlans } = (await licenseOf('MS')) as unknown as {
        openPlans: { shortage: number };
      };
      expect(openPlans.shortage).toBe(Math.max(0, 7 - unitsLeftAfter));
    },
  );

  it('R46 count what was written while the list of licenses was read', async () => {
    const { db } = api.database;
    const { readId } = await beginRead(db, orgId);
    await db.execute(sql`
      UPDATE directory_read SET started_at = '2026-01-02T03:00:00Z' WHERE read_id = ${readId}`);
    await db.execute(sql`UPDATE directory_license SET seen_in = ${readId} WHERE org_id = ${orgId}`);
    await wrote('add', 1, '2026-01-02T03:02:00Z');
    expect(await licenseOf('MS')).toMatchObject({ unitsLeft: 8 });
    await db.execute(sql`UPDATE directory_license SET seen_in = 0 WHERE org_id = ${orgId}`);
    expect(await licenseOf('MS')).toMatchObject({ unitsLeft: 9 });
  });

  it('R46 count users of a plan that is being written who wait for a unit', async () => {
    const rolloutId = await aPlan(40, { phase: 'halted' });
    await api.database.db.execute(sql`
      UPDATE rollout_user SET outcome = 'waiting-for-seat', pending = 'unit',
        own_waiting = changes, own_changes = '[]'
      WHERE rollout_id = ${rolloutId} AND person_id = ${personIdOf(1)}`);
    await api.database.db.execute(sql`
      UPDATE directory_license SET consumed_units = 10 WHERE license_id = ${licenseIdOf('MS')}`);
    expect(await licenseOf('MS')).toMatchObject({
      openPlans: { plans: 1, taken: 0, waiting: 1, unitsLeftAfter: 0, shortage: 1 },
    });
    await api.database.db.execute(sql`
      UPDATE directory_license SET consumed_units = 1 WHERE license_id = ${licenseIdOf('MS')}`);
  });
});
