import { randomUUID } from 'node:crypto';
import type { RolloutBody } from '../support/caller';
import { countsOf, noFaults, Stage } from '../support/stage';
import { waitFor } from '../support/wait-for';
import { closeRuntime } from '../support/world';

interface EndedBody extends RolloutBody {
  verifyingUntil: string | null;
}

describe('workflows that somebody ends or resets in the Temporal UI', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 25, seed: 9 } });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });
  beforeEach(() => stage.simulate(noFaults));

  const workflowOf = ({ rolloutId }: RolloutBody, child = '') => {
    const { orgUuid } = stage.world.simulator.simulator.organization;
    return `rollout/${orgUuid}/${rolloutId}${child}`;
  };

  /** As soon as the child is there. */
  async function terminate(rollout: RolloutBody, child: string): Promise<void> {
    const handle = stage.world.client.workflow.getHandle(workflowOf(rollout, child));
    await waitFor('the child', () =>
      handle.terminate().then(
        () => true,
        () => false,
      ),
    );
  }

  /** The first workflow task runs again, over everything that is recorded since. */
  async function reset(rollout: RolloutBody): Promise<void> {
    const { workflow, workflowService } = stage.world.client;
    const workflowId = workflowOf(rollout);
    const { events = [] } = await workflow.getHandle(workflowId).fetchHistory();
    const first = events?.find(({ workflowTaskCompletedEventAttributes: done }) => done);
    await workflowService.resetWorkflowExecution({
      namespace: stage.world.namespace,
      workflowExecution: { workflowId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: first!.eventId!,
    });
  }

  /** Failed, with every user followed to the end, and nobody left open (R99). */
  async function untilFollowed({ rolloutId }: RolloutBody): Promise<Record<string, number>> {
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'failed');
    // Rows are closed after the phase: right after it, they are planned still.
    const isFollowed = (seen: RolloutBody) => {
      const { planned, applied } = countsOf(seen);
      return (seen as EndedBody).verifyingUntil === null && !planned && !applied;
    };
    return countsOf(await stage.caller.until(rolloutId, isFollowed));
  }

  it('R99 R102 follows who was written after a terminated shard, and plans the others again', async () => {
    await stage.simulate({ latencyMs: 400 });
    const rollout = await stage.flip({ pilot: null });
    const before = stage.writes.length;
    await stage.caller.start(rollout);
    await stage.untilWrites(before + 3);
    await terminate(rollout, '/w1/s1');
    const counts = await untilFollowed(rollout);
    await stage.simulate({ latencyMs: 0 });
    const { converged = 0, ...others } = counts;
    expect(converged).toBeGreaterThanOrEqual(3);
    const left = Object.values(others).reduce((sum, users) => sum + users, 0);
    expect(converged + left).toBe(rollout.summary!.planned);
    expect(Object.keys(others)).not.toContain('planned');

    const again = await stage.caller.org<RolloutBody>(
      'POST',
      `rollouts/${rollout.rolloutId}/replan`,
      {},
    );
    const { rolloutId } = again.body;
    const planned = await stage.caller.until(rolloutId, ({ phase }) => phase === 'planned');
    const done = await stage.carryOut(planned);
    expect(countsOf(done)).toEqual({ converged: left });
  });

  it('R99 verifies on after a terminated verification', async () => {
    await stage.simulate({ propagation: { delay: { mode: 'fixed', delayMs: 10_000 } } });
    const rollout = await stage.flip({ pilot: { sample: { count: 3 } } });
    await stage.caller.start(rollout);
    await stage.caller.until(rollout.rolloutId, (seen) => countsOf(seen).applied === 3);
    expect((await stage.caller.rollout(rollout.rolloutId)).phase).toBe('piloting');
    await terminate(rollout, '/verify/0');
    const withheld = rollout.summary!.planned - 3;
    expect(await untilFollowed(rollout)).toEqual({ converged: 3, withheld });
  });

  it('closes a rollout whose workflow is reset, repeats no write, and frees the organization', async () => {
    stage.flipBack();
    const rollout = await stage.flip({ pilot: { sample: { count: 3 } } });
    await stage.caller.start(rollout);
    const { rolloutId, summary } = rollout;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    const before = stage.writes.length;
    await reset(rollout);
    const counts = await untilFollowed(rollout);
    expect(counts).toMatchObject({ withheld: summary!.planned - (counts.converged ?? 0) });
    expect(stage.writes).toHaveLength(before);
    stage.flipBack();
    const other = await stage.carryOut(await stage.flip({ pilot: null }));
    expect(other.phase).toBe('completed');
  });
});
