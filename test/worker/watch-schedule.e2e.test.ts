import { createTemporalJobs } from '../../src/api/jobs/temporal-jobs';
import { mainTaskQueue, sharedTaskQueue, watchScheduleId } from '../../src/contract/ids';
import { saveSettings } from '../../src/db/admin/settings';
import { defaultSettings } from '../../src/domain/model/default-settings';
import { createLogger } from '../../src/logger';
import { createWatchSchedule } from '../../src/worker/watch-schedule';
import { Caller } from '../support/caller';
import { waitFor } from '../support/wait-for';
import { closeRuntime, startWorld, type World } from '../support/world';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('the schedule of the watch', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ simulator: { users: 5, seed: 1 } });
    // There is nothing to watch before the directory has been read once.
    await new Caller(world).org('GET', 'settings');
  });
  afterAll(async () => {
    await world.close();
    await closeRuntime();
  });

  it('R14 is made once by any number of workers, and follows the interval of the settings', async () => {
    const { db } = world.database;
    const { client } = world;
    const { orgId, orgUuid } = world.simulator.simulator.organization;
    const ensure = () => createWatchSchedule({ db, client, orgId, logger })();
    await Promise.all([ensure(), ensure(), ensure()]);
    const handle = client.schedule.getHandle(`watch/${orgUuid}`);
    const first = await handle.describe();
    expect(first).toMatchObject({
      spec: { intervals: [{ every: 300_000 }] },
      policies: { overlap: 'SKIP', catchupWindow: 600_000 },
      action: { workflowType: 'watchDirectory', workflowId: `watch/${orgUuid}` },
    });
    expect(JSON.stringify(first.typedSearchAttributes)).toContain(orgUuid);
    expect(first.action.staticSummary).toBe('Check for new users and group changes');
    const watch = { intervalSeconds: 7, floodLimit: 100 };
    await saveSettings(db, orgId, { ...defaultSettings, watch });
    await Promise.all([ensure(), ensure()]);
    expect(await handle.describe()).toMatchObject({
      spec: { intervals: [{ every: 7_000 }] },
      policies: { catchupWindow: 60_000 },
    });
  });

  it('R14 runs each check that is requested, also right after another one', async () => {
    const { client } = world;
    const { orgUuid } = world.simulator.simulator.organization;
    const handle = client.schedule.getHandle(watchScheduleId(orgUuid));
    // From here on only requests start a check.
    await handle.update((schedule) => ({ ...schedule, spec: {} }));
    const hasRun = async (actions: number) => {
      const { numActionsTaken, runningActions } = (await handle.describe()).info;
      return runningActions.length === 0 && numActionsTaken === actions;
    };
    await waitFor('the check of the creation', async () => {
      return (await handle.describe()).info.runningActions.length === 0;
    });
    const { numActionsTaken } = (await handle.describe()).info;
    const jobs = createTemporalJobs(client);
    for (const n of [1, 2, 3]) {
      expect(await jobs.startCheck({ orgUuid })).toBe(true);
      await waitFor(`check ${n}`, () => hasRun(numActionsTaken + n));
    }
  });

  it('is moved from the queue that all organizations shared in 0.1.0', async () => {
    const { db } = world.database;
    const { client } = world;
    const { orgId, orgUuid } = world.simulator.simulator.organization;
    const handle = client.schedule.getHandle(watchScheduleId(orgUuid));
    await createWatchSchedule({ db, client, orgId, logger })();
    await handle.update((schedule) => ({
      ...schedule,
      action: { ...schedule.action, taskQueue: sharedTaskQueue },
    }));
    await createWatchSchedule({ db, client, orgId, logger })();
    const { action, spec } = await handle.describe();
    expect(action.taskQueue).toBe(mainTaskQueue(orgUuid));
    expect(spec.intervals).toMatchObject([{ every: 7_000 }]);
  });

  it('is made again when somebody has deleted it', async () => {
    const { db } = world.database;
    const { client } = world;
    const { orgId, orgUuid } = world.simulator.simulator.organization;
    const handle = client.schedule.getHandle(`watch/${orgUuid}`);
    await handle.delete();
    await createWatchSchedule({ db, client, orgId, logger })();
    expect((await handle.describe()).action.workflowType).toBe('watchDirectory');
  });
});
