import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { Activities } from '../../src/contract/activities';
import { defaultSettings } from '../../src/domain/model/default-settings';
import type { Change } from '../../src/domain/model/change';
import { createLogger } from '../../src/logger';
import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import { createWebex } from '../../src/webex/create-webex';
import { verifyPropagation } from '../../src/workflows';
import type { VerifyInput } from '../../src/contract/workflows';
import type { VerifyResult } from '../../src/workflows/verify-propagation';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTimeSkipping } from '../support/temporal';
import { timersOf, type StartedTimer } from '../support/timers';
import { workflowBundle } from '../support/workflow-bundle';
import { closeRuntime } from '../support/world';
import { aRollout, rowOf } from '../support/seed';

const dayMs = 24 * 60 * 60 * 1_000;

describe('verifyPropagation', () => {
  let environment: TestWorkflowEnvironment;
  let database: TestDatabase;
  let simulator: RunningSimulator;

  beforeAll(async () => {
    [environment, database, simulator] = await Promise.all([
      startTimeSkipping(),
      createTestDatabase(),
      startSimulator({ users: 20, seed: 3 }),
    ]);
  });
  afterAll(async () => {
    await environment.teardown();
    await simulator.close();
    await database.drop();
    await closeRuntime();
  });

  /** A written user of the simulator whose change nobody has seen yet. */
  async function written() {
    const { organization } = simulator.simulator;
    const personId = organization.personId(5);
    const license = { kind: 'license', licenseId: ucm(), offer: 'UCPREM', site: null } as const;
    const reason = { code: 'granted', text: '', rule: 'R1', templates: [] } as const;
    const change: Change = {
      operation: 'add',
      target: license,
      reason: { ...reason, templates: [] },
      replacement: false,
    };
    const user = { personId, changes: [change], outcome: 'applied' as const };
    const { orgId } = organization;
    const story = await aRollout(database.db, { orgId, phase: 'verifying', users: [user] });
    await database.db.$client.query('UPDATE rollout_user SET written_at = now()');
    return { ...story, personId };
  }

  function ucm(): string {
    const { catalog } = simulator.simulator.organization;
    for (let index = 0; ; index += 1) {
      if (catalog.at(index).offer === 'UCPREM') return catalog.at(index).id;
    }
  }

  /** Runs the default schedule with the real activities; `beforeSweep` is told the sweep's number. */
  async function verify(
    story: { orgId: string; rolloutId: string },
    beforeSweep: (n: number) => Promise<unknown>,
  ): Promise<VerifyResult & { sweptTimes: number; waits: StartedTimer[]; deadlineAtMs: number }> {
    const logger = createLogger({ name: 'test', level: 'error' });
    const credential = { kind: 'token', accessToken: simulator.adminToken } as const;
    const activities = createActivities({
      db: database.db,
      webex: createWebex({
        baseUrl: simulator.url,
        readOnly: false,
        userAgent: 'test',
        logger,
        credential,
      }),
      orgId: story.orgId,
      logger,
      userLabels: 'id',
      readOnly: false,
      writesPerSecond: 100,
      limitQueue: () => Promise.resolve(),
      planExpiresInMs: dayMs,
      maxWriteAttempts: 3,
      confirmAfterMs: 100,
    });
    let sweptTimes = 0;
    const sweep: Activities['sweep'] = async (input) => {
      sweptTimes += 1;
      await beforeSweep(sweptTimes);
      return activities.sweep(input);
    };
    const taskQueue = `verify-${randomUUID()}`;
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue,
      workflowBundle: workflowBundle(),
      activities: { ...activities, sweep },
    });
    const input: VerifyInput = {
      orgId: story.orgId,
      rolloutId: story.rolloutId,
      writeQueue: taskQueue,
      waves: [1],
      schedule: defaultSettings.verification,
      deadlineAtMs: (await environment.currentTimeMs()) + dayMs,
      sweepsDone: 0,
    };
    const { workflow } = environment.client;
    const handle = await workflow.start(verifyPropagation, {
      workflowId: `verify/${randomUUID()}`,
      taskQueue,
      args: [input],
    });
    const result = await worker.runUntil(handle.result());
    const { events } = await handle.fetchHistory();
    return { ...result, sweptTimes, waits: timersOf(events), deadlineAtMs: input.deadlineAtMs };
  }

  it('R80 is unconverged after 24 hours if Webex never shows the change', async () => {
    const story = await written();
    const { waits, deadlineAtMs, ...result } = await verify(story, () => Promise.resolve());
    expect(result).toEqual({ unconverged: 1, sweeps: 52, sweptTimes: 52 });
    expect(waits.every(({ hasFired }) => hasFired)).toBe(true);
    const minutes = waits.map(({ durationMs }) => durationMs / 60_000);
    const later = Array.from({ length: 46 }, () => 30);
    expect(minutes.slice(0, -1)).toEqual([1, 2, 5, 10, 15, ...later]);
    // The last sweep is at the deadline, however long the others took.
    expect(waits.at(-1)!.dueAtMs).toBe(deadlineAtMs);
    expect(await rowOf(database.db, story.rolloutId, 1)).toMatchObject({
      outcome: 'unconverged',
      attempts: 0,
    });
  });

  it('R80 is pending, and not a failure, until the change shows after hours', async () => {
    const story = await written();
    const show = (n: number) =>
      n < 20
        ? Promise.resolve()
        : fetch(`${simulator.url}/_simulator/people/${story.personId}`, {
            method: 'PATCH',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ addLicenses: [ucm()] }),
          });
    expect(await verify(story, show)).toMatchObject({ unconverged: 0, sweeps: 20 });
    expect(await rowOf(database.db, story.rolloutId, 1)).toMatchObject({ outcome: 'converged' });
  });
});
