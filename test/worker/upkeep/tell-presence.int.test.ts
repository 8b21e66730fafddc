import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Db } from '../../../src/db/connect';
import { readWorkerAway, recordWorker } from '../../../src/db/directory/worker-state';
import { OwnOrganization } from '../../../src/worker/own-organization';
import { tellPresence } from '../../../src/worker/upkeep/tell-presence';
import { WebexError } from '../../../src/webex/port/webex';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

function aTemporal(isThere = true): Client {
  const getSystemInfo = () => (isThere ? Promise.resolve({}) : Promise.reject(new Error('away')));
  const withDeadline = (_at: number, call: () => Promise<unknown>) => call();
  return { workflowService: { getSystemInfo }, withDeadline } as unknown as Client;
}

/** A worker of a new organization that has been missing for an hour. */
async function missed(): Promise<string> {
  const orgId = randomUUID();
  await recordWorker(db, orgId, null);
  await db.$client.query(
    "UPDATE worker_state SET seen_at = now() - interval '1 hour' WHERE org_id = $1",
    [orgId],
  );
  return orgId;
}

const away = () => Promise.reject(new WebexError('unavailable', '503', { operation: 'people/me' }));

describe('what a worker tells of itself', () => {
  it('is that it can work, where its token opens the organization', async () => {
    const orgId = await missed();
    await tellPresence(db, aTemporal(), new OwnOrganization(orgId, true, away));
    expect(await readWorkerAway(db, orgId)).toBeNull();
  });

  it('is why not, while nobody knows which organization the token opens', async () => {
    const orgId = await missed();
    let isAway = true;
    const check = () => (isAway ? away() : Promise.resolve({ orgId, organizationName: 'Acme' }));
    const organization = new OwnOrganization(orgId, false, check);
    await tellPresence(db, aTemporal(), organization);
    expect(await readWorkerAway(db, orgId)).toMatchObject({ trouble: '503' });
    isAway = false;
    await tellPresence(db, aTemporal(), organization);
    expect(await readWorkerAway(db, orgId)).toBeNull();
  });

  it('is since when it does not reach Temporal, until one does', async () => {
    const orgId = await missed();
    const organization = new OwnOrganization(orgId, true, away);
    const tell = () => tellPresence(db, aTemporal(false), organization);
    await expect(tell()).rejects.toThrow('away');
    const first = await readWorkerAway(db, orgId);
    expect(first?.temporalAwaySince).toMatch(/^20.*Z$/);
    await expect(tell()).rejects.toThrow('away');
    expect(await readWorkerAway(db, orgId)).toEqual(first);
    await tellPresence(db, aTemporal(), organization);
    expect(await readWorkerAway(db, orgId)).toBeNull();
  });

  it('is nothing of Temporal where another worker has just reached it', async () => {
    const orgId = randomUUID();
    await recordWorker(db, orgId, null);
    const organization = new OwnOrganization(orgId, true, away);
    await expect(tellPresence(db, aTemporal(false), organization)).rejects.toThrow('away');
    expect(await readWorkerAway(db, orgId)).toBeNull();
    await db.$client.query(
      "UPDATE worker_state SET seen_at = now() - interval '30 seconds' WHERE org_id = $1",
      [orgId],
    );
    expect((await readWorkerAway(db, orgId))?.temporalAwaySince).toMatch(/^20.*Z$/);
  });

  it('ends the worker where the token opens another organization', async () => {
    const orgId = await missed();
    const other = { orgId: randomUUID(), organizationName: 'Other' };
    const organization = new OwnOrganization(orgId, false, () => Promise.resolve(other));
    await tellPresence(db, aTemporal(), organization);
    await expect(organization.refused).rejects.toThrow('opens Other');
    expect((await readWorkerAway(db, orgId))?.trouble).toContain('opens Other');
  });
});
