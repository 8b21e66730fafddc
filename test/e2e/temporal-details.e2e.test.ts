import type { RolloutBody } from '../support/caller';
import { countsOf, noFaults, Stage } from '../support/stage';
import { waitFor } from '../support/wait-for';
import { closeRuntime } from '../support/world';

interface Metadata {
  currentDetails?: string;
}

describe('what Temporal shows of a rollout', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 60, seed: 9 } });
  });
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  /** The details in the Temporal UI, of the rollout or of a child. */
  async function details({ rolloutId }: RolloutBody, child = ''): Promise<string> {
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const workflowId = `rollout/${orgUuid}/${rolloutId}${child}`;
    const handle = stage.world.client.workflow.getHandle(workflowId);
    const metadata = await handle.query<Metadata>('__temporal_workflow_metadata');
    return metadata.currentDetails ?? '';
  }

  async function apiSays({ rolloutId }: RolloutBody): Promise<string> {
    const { body } = await stage.caller.org<{ waitingFor: string | null }>(
      'GET',
      `rollouts/${rolloutId}/progress`,
    );
    return body.waitingFor ?? '';
  }

  it('R98 is the wait that Webex asked for, as the API says it, until it is lifted', async () => {
    const planned = await stage.flip({ pilot: null });
    await stage.simulate({
      ...noFaults,
      throttle: { ratePerSecond: 1, burst: 5, lockoutSeconds: 600, on: 'writes' },
    });
    await stage.caller.start(planned);
    await waitFor('the wait in the API', async () =>
      (await apiSays(planned)).includes('not before'),
    );
    const throttled = /Webex, not before 20\S+Z: .*429/;
    for (const workflow of ['', '/w1/s1']) {
      await waitFor(`the wait in the details of ${workflow || 'the rollout'}`, async () =>
        throttled.test(await details(planned, workflow)),
      );
    }
    const [until] = /not before \S+Z/.exec(await apiSays(planned)) ?? [];
    expect(await details(planned)).toContain(until);

    await stage.simulate(noFaults);
    await stage.caller.act(planned.rolloutId, 'lift-wait');
    const isDone = ({ phase }: RolloutBody) => phase === 'completed';
    const done = await stage.caller.until(planned.rolloutId, isDone);
    expect(countsOf(done).converged).toBe(planned.summary!.planned);
    expect(await details(planned)).not.toContain('not before');
  });

  it.each([
    ['R97 trouble with reads', 'reads', /Webex to answer: .*503/],
    ['users between two attempts', 'writes', /the next attempt for \d+ users: .*503/],
  ] as const)('is %s, as the API says it', async (_, on, text) => {
    const planned = await stage.flip({ pilot: null });
    await stage.simulate({
      ...noFaults,
      faults: { error5xxBefore: { probability: 1, on, status: 503 } },
    });
    await stage.caller.start(planned);
    await waitFor('it in the API', async () => text.test(await apiSays(planned)));
    await waitFor('it in Temporal', async () => text.test(await details(planned)));
    await stage.simulate(noFaults);
    const isDone = ({ phase }: RolloutBody) => phase === 'completed';
    const done = await stage.caller.until(planned.rolloutId, isDone);
    expect(countsOf(done).converged).toBe(planned.summary!.planned);
  });
});
