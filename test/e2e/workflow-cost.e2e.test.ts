import type { PlanWave } from '../../src/domain/plan/plan-summary';
import { eventsPerAction } from '../../src/domain/rollout/action-budget';
import { eventsPerTelling } from '../../src/domain/rollout/telling';
import { progressQuery, waitsSignal } from '../../src/contract/messages';
import { workflowCost } from '../../src/domain/rollout/shards';
import { writeLine } from '../../src/domain/csv/write-line';
import type { RolloutBody } from '../support/caller';
import { countsOf, Stage } from '../support/stage';
import { valueOf } from '../support/seed';
import { waitFor } from '../support/wait-for';
import { closeRuntime } from '../support/world';

const [spaces, translations] = ['Advanced Space Meetings', 'Real-Time Translations [RTT]'];

describe('the history of a rollout', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 60, seed: 9 } });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  function wavesOf({ rolloutId }: RolloutBody): Promise<PlanWave[]> {
    const { db } = stage.world.database;
    const query = `SELECT summary->'waves' FROM rollout WHERE rollout_id = $1`;
    return valueOf<PlanWave[]>(db, query, [rolloutId]);
  }

  /** Events, signals and shards of the rollout's own workflow, as the server has recorded them. */
  async function recorded({ rolloutId }: RolloutBody) {
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    await handle.result();
    const events = (await handle.fetchHistory()).events ?? [];
    const count = (has: (event: (typeof events)[number]) => unknown) => events.filter(has).length;
    return {
      events: events.length,
      reports: count((event) => event.workflowExecutionSignaledEventAttributes),
      shards: count((event) =>
        event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId?.includes('/s'),
      ),
    };
  }

  /** Returns the steps of the plan. */
  async function expectWithinCost(done: RolloutBody): Promise<number> {
    const waves = await wavesOf(done);
    const cost = workflowCost(waves);
    const { events, reports, shards } = await recorded(done);
    expect(shards).toBe(cost.shards);
    expect(reports).toBeGreaterThan(0);
    // What a shard has to say at its end is its result, and no report.
    expect(reports).toBeLessThanOrEqual(cost.reports);
    expect(events).toBeLessThanOrEqual(cost.events);
    // A bound that is far from what happens would prove nothing.
    expect(events).toBeGreaterThan(cost.events / 5);
    return waves.reduce((sum, { steps }) => sum + steps.length, 0);
  }

  it('is as short as computed, with many waves', async () => {
    const waves = Array.from({ length: 5 }, () => ({ size: { count: 11 }, soakSeconds: 0 }));
    const planned = await stage.flip({ pilot: null, gates: 'automatic', waves });
    expect(await expectWithinCost(await stage.carryOut(planned))).toBeGreaterThanOrEqual(5);
    await stage.carryOut(await stage.flip({ pilot: null }));
  });

  it('R46 has one shard for many steps, in which two full pools swap through one free unit', async () => {
    const users = 30;
    const pools = await fillTwoPools(users);
    const planned = await stage.caller.plan({ ...(await swap(pools)), pilot: null });
    const done = await stage.carryOut(planned);
    expect(countsOf(done)).toMatchObject({ converged: users });
    expect(await expectWithinCost(done)).toBeGreaterThan(users / 2);
    expect(workflowCost(await wavesOf(done)).shards).toBe(1);
    const truth = await stage.truth();
    for (const { persons, other } of pools) {
      for (const personId of persons) expect(truth.get(personId)!.licenses).toContain(other);
    }
  });

  it('grows by no more than is counted for each pause and resume', async () => {
    const planned = await stage.flip({ pilot: null });
    const { rolloutId } = planned;
    await stage.caller.act(rolloutId, 'set-pace', { writesPerSecond: 2 });
    await stage.caller.start(planned);
    await stage.untilWrites(1);
    const before = await eventsOf(rolloutId);
    const pairs = 10;
    for (let i = 0; i < pairs; i += 1) {
      await stage.caller.act(rolloutId, 'pause');
      await stage.caller.act(rolloutId, 'resume');
    }
    const perAction = ((await eventsOf(rolloutId)) - before) / (2 * pairs);
    expect(perAction).toBeLessThanOrEqual(eventsPerAction);
    expect(perAction).toBeGreaterThan(eventsPerAction / 5);
    await stage.caller.act(rolloutId, 'set-pace', { writesPerSecond: 200 });
    const isDone = ({ phase }: RolloutBody) => phase === 'completed';
    expect(countsOf(await stage.caller.until(rolloutId, isDone)).converged).toBeGreaterThan(50);
  });

  it('grows by no more than is counted each time it is told what it waits for', async () => {
    const { rolloutId } = await stage.flip({ pilot: null });
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    const { phaseVersion } = await handle.query(progressQuery);
    const before = await eventsOf(rolloutId);
    const times = 10;
    for (let i = 1; i <= times; i += 1) {
      await handle.signal(waitsSignal, { phaseVersion, waitsFor: `reason ${i}` });
      // A query is answered once the signal is worked through.
      await waitFor('what was told', async () =>
        ((await handle.query(progressQuery)).waitingFor ?? '').endsWith(` ${i}`),
      );
    }
    const perTelling = ((await eventsOf(rolloutId)) - before) / times;
    expect(perTelling).toBeLessThanOrEqual(eventsPerTelling);
    expect(perTelling).toBeGreaterThan(eventsPerTelling / 5);
    await stage.caller.act(rolloutId, 'discard');
    stage.flipBack();
  });

  async function eventsOf(rolloutId: string): Promise<number> {
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    return ((await handle.fetchHistory()).events ?? []).length;
  }

  interface Pool {
    persons: string[];
    column: string;
    license: string;
    /** The license of the other pool. */
    other: string;
  }

  /** Every unit of two licenses is used, but one. */
  async function fillTwoPools(users: number): Promise<[Pool, Pool]> {
    const { items } = await stage.control<{ items: { personId: string; exists: boolean }[] }>(
      'GET',
      'people?limit=1000',
    );
    const persons = items.filter(({ exists }) => exists).map(({ personId }) => personId);
    const [first, second] = [licenseOf('CF'), licenseOf('RTT')];
    const pools: [Pool, Pool] = [
      { persons: persons.slice(0, users / 2), column: spaces, license: first, other: second },
      {
        persons: persons.slice(users / 2, users),
        column: translations,
        license: second,
        other: first,
      },
    ];
    for (const [free, pool] of pools.entries()) {
      for (const personId of pool.persons) {
        const change = { addLicenses: [pool.license], immediate: true };
        await stage.control('PATCH', `people/${personId}`, change);
      }
      const totalUnits = pool.persons.length + free;
      await stage.control('PATCH', `licenses/${pool.license}`, { totalUnits });
    }
    return pools;
  }

  /** A file that gives everybody of one pool the license of the other. */
  async function swap(pools: [Pool, Pool]): Promise<Record<string, unknown>> {
    const lines = pools.flatMap(({ persons, column }) =>
      persons.map((person) => [person, column !== spaces, column !== translations].map(String)),
    );
    const header = ['User ID/Email (Required)', spaces, translations];
    const file = [header, ...lines].map((cells) => writeLine(cells, ',')).join('');
    const { orgId } = (await stage.caller.org<{ orgId: string }>('GET', '')).body;
    const { apiUrl, token } = stage.world;
    const response = await fetch(`${apiUrl}/v1/organizations/${orgId}/csv-imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: file,
    });
    const text = await response.text();
    expect(`${response.status} ${text}`).toMatch(/^201/);
    const imported = JSON.parse(text) as {
      rolloutBodies: Record<'addAndRemove', Record<string, unknown>>;
    };
    return imported.rolloutBodies.addAndRemove;
  }

  function licenseOf(offer: string): string {
    const { licenses } = stage.world.simulator.simulator.organization.catalog;
    return licenses.find((license) => license.offer === offer)!.id;
  }
});
