import { MockActivityEnvironment } from '@temporalio/testing';
import { createPutBackUpkeep } from '../../../src/activities/write/put-back/put-back-upkeep';
import { repeatWriteActivities } from '../../../src/activities/write/repeat-write';
import { verifyActivities } from '../../../src/activities/write/verify';
import type { SweepResult } from '../../../src/contract/activities';
import type { Change } from '../../../src/domain/model/change';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { attempts, aUser } from '../../support/one-user';
import {
  adds,
  addsAttendee,
  broken,
  licenseId,
  removes,
  removesAttendee,
  type Asked,
} from '../../support/scripted-webex';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const site = 'acme.webex.com';
const [host, ms, rtt] = [licenseId('EE', site), licenseId('MS'), licenseId('RTT')];

interface Body {
  licenses?: { id: string; operation: string }[];
  siteUrls?: unknown[];
}

/** What Webex does of a call whose answer is lost. */
type LostCall = 'all' | 'nothing' | ((body: Body) => void);

/** A user whose attendee accounts no read shows, and all of whose first calls have no answer. */
async function aLostUser(
  changes: Change[],
  held: string[],
  { lost, sites = [], later }: { lost: LostCall; sites?: string[]; later?: (body: Body) => void },
) {
  const user = await aUser(database.db, changes, held, {
    sites,
    hidesSites: true,
    write(n, asked: Asked) {
      if (n > attempts) later?.(asked.body as Body);
      if (n > attempts) return undefined;
      if (lost === 'nothing') return { status: 503 };
      if (lost !== 'all') lost(asked.body as Body);
      return broken('ECONNRESET');
    },
  });
  const { orgId, rolloutId, deps } = user;
  const { sweep } = verifyActivities(deps);
  const { repeatWrite } = repeatWriteActivities(deps);
  const input = { orgId, rolloutId, waves: [1] };
  const moveTo = (phase: string) =>
    database.db.$client.query('UPDATE rollout SET phase = $2 WHERE rollout_id = $1', [
      rolloutId,
      phase,
    ]);
  expect(await user.run()).toMatchObject({ halted: null });
  await moveTo('verifying');
  return {
    ...user,
    moveTo,
    /** As the workflow: a sweep, and the calls that it asks for. */
    async verify(): Promise<SweepResult> {
      const asActivity = new MockActivityEnvironment();
      const seen = await asActivity.run<[typeof input], SweepResult, typeof sweep>(sweep, input);
      for (const seq of seen.repeat) await repeatWrite({ orgId, rolloutId, seq });
      return seen;
    },
    targets: () =>
      valueOf<string[] | null>(
        database.db,
        `SELECT jsonb_agg(operation || ' ' || target ORDER BY target) FROM ledger
         WHERE rollout_id = $1`,
        [rolloutId],
      ),
    calls: () => user.scripted.calls().filter((call) => call.startsWith('PATCH')).length,
  };
}

const attendee = `attendee:${site}`;
const becomesHost = [removesAttendee(site), adds('EE', site)];

describe('R40 R94 a write of which no answer came and no read can say what became', () => {
  it.each<[string, Change[], LostCall, string[], string[]]>([
    ['attendee added', [addsAttendee(site)], 'all', [], [`add ${attendee}`]],
    ['attendee not added', [addsAttendee(site)], 'nothing', [], [`add ${attendee}`]],
    ['attendee removed', [removesAttendee(site)], 'all', [site], [`remove ${attendee}`]],
    ['attendee not removed', [removesAttendee(site)], 'nothing', [site], [`remove ${attendee}`]],
    ['not host yet', becomesHost, 'nothing', [site], [`add ${host}`, `remove ${attendee}`]],
  ])(
    '%s: failed, until the answer to a repeated call says that it is done',
    async (_, changes, lost, sites, ledger) => {
      const user = await aLostUser(changes, [], { lost, sites });
      expect(await user.row()).toMatchObject({ outcome: 'failed', unanswered_call: 1 });
      expect(await user.verify()).toMatchObject({ repeat: [1] });
      expect(await user.row()).toMatchObject({ outcome: 'applied', unanswered_call: null });
      expect(await user.verify()).toMatchObject({ unconverged: 0, converged: 1, repeat: [] });
      expect(await user.row()).toMatchObject({ outcome: 'converged' });
      expect(user.calls()).toBe(attempts + 1);
      expect((await user.targets())?.sort()).toEqual([...ledger].sort());
      const failed = 'SELECT users_failed FROM rollout WHERE rollout_id = $1';
      expect(await valueOf(database.db, failed, [user.rolloutId])).toBe(0);
    },
  );

  it('R95 puts back the attendee account of somebody who did not become host', async () => {
    const refusesHost = (body: Body) => {
      body.licenses = (body.licenses ?? []).filter(({ operation }) => operation !== 'add');
    };
    const user = await aLostUser(becomesHost, [], {
      lost: refusesHost,
      sites: [site],
      later: refusesHost,
    });
    expect([...user.sites]).toEqual([]);
    await user.verify();
    expect(await user.row()).toMatchObject({
      outcome: 'planned',
      put_back: [{ operation: 'add', target: { kind: 'attendee', site } }],
    });
    await database.db.$client.query(
      `UPDATE rollout_user SET intent_at = now() - interval '2 minutes' WHERE rollout_id = $1`,
      [user.rolloutId],
    );
    expect(await createPutBackUpkeep(user.deps)()).toBe(1);
    expect([...user.sites]).toEqual([site]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
  });

  it('stays failed for good where the repeated call was answered and did nothing', async () => {
    const user = await aLostUser([addsAttendee(site)], [], {
      lost: 'nothing',
      later: (body) => delete body.siteUrls,
    });
    await user.verify();
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      unanswered_call: null,
      detail: expect.stringContaining('Webex did not add attendee') as string,
    });
    expect(await user.verify()).toMatchObject({ repeat: [] });
    expect(await user.targets()).toBeNull();
  });

  it('R99 is not repeated after the end', async () => {
    const user = await aLostUser([addsAttendee(site)], [], { lost: 'nothing' });
    await user.moveTo('aborted');
    expect(await user.verify()).toMatchObject({ repeat: [] });
    const { repeatWrite } = repeatWriteActivities(user.deps);
    const { orgId, rolloutId } = user;
    expect(await repeatWrite({ orgId, rolloutId, seq: 1 })).toMatchObject({ result: 'held' });
    expect(user.calls()).toBe(attempts);
  });

  it('what a read does show is judged by it, and only the rest is asked for', async () => {
    const user = await aLostUser([adds('MS'), removes('RTT'), addsAttendee(site)], [rtt], {
      lost: 'nothing',
    });
    user.holds.delete(rtt);
    user.holds.add(ms);
    expect(await user.verify()).toMatchObject({ converged: 0 });
    expect(await user.row()).toMatchObject({ outcome: 'applied', converged_at: null });
    await user.verify();
    expect(await user.verify()).toMatchObject({ unconverged: 0 });
    expect(await user.row()).toMatchObject({ outcome: 'converged' });
    expect([...user.sites]).toEqual([site]);
  });
});
