import { sql } from 'drizzle-orm';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { rollout } from '../../../src/db/schema';
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
beforeEach(() => api.database.db.delete(rollout));

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
    // The figures of the license are older than the write.
    expect(await licenseOf('MS')).toMatchObject({ openPlans: { taken: 1, unitsLeftAfter: 8 } });
    await become('applied', '2026-01-01T00:00:00Z');
    expect(await licenseOf('MS')).toMatchObject({ openPlans: { taken: 0, unitsLeftAfter: 9 } });
    await become('conflict', '2026-02-01T00:00:00Z');
    expect(await licenseOf('MS')).toMatchObject({ forecast: [], openPlans: { plans: 0 } });
  });

  it('R46 count users of a plan that is being written who wait for a unit', async () => {
    const rolloutId = await aPlan(40, { phase: 'halted' });
    await api.database.db.execute(sql`
      UPDATE rollout_user SET outcome = 'waiting-for-seat', pending = 'unit', waiting = changes, changes = '[]'
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
