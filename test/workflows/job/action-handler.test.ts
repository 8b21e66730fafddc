import { actionHandler } from '../../../src/workflows/job/controls';
import type { Job } from '../../../src/workflows/job/job';
import { newJobState } from '../../../src/domain/rollout/job-state';
import type { ActionInput } from '../../../src/contract/messages';

const historyLength = 10;
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  workflowInfo: () => ({ historyLength, workflowId: 'w' }),
}));

const input: ActionInput = {
  actor: { name: 'olga', role: 'operator' },
  expectedPhaseVersion: 2,
  reason: '',
};

/** A job that has taken so many actions. */
function aJob(actions: number) {
  const job = {
    state: { ...newJobState('piloting', 2), actions },
    planEvents: 0,
    isMoving: false,
    counted: 0,
    countAction: () => (job.counted += 1),
    withMoveLock: (work: (locked: unknown) => Promise<unknown>) => work({}),
    result: () => 'done',
  };
  return job;
}

const handlerOf = (job: ReturnType<typeof aJob>) =>
  actionHandler(job as unknown as Job, 'set-pace', () => Promise.resolve());

describe('an action of a rollout', () => {
  it('counts, whatever comes of it', async () => {
    const job = aJob(0);
    const [handle] = handlerOf(job);
    expect(await handle(input)).toBe('done');
    await expect(handle({ ...input, expectedPhaseVersion: 1 })).rejects.toThrow('has moved on');
    expect(job.counted).toBe(2);
  });

  it.each([
    [1_799, true],
    [1_800, false],
  ])('after %i others is taken: %s, before Temporal takes no more updates', (actions, isTaken) => {
    const [, { validator }] = handlerOf(aJob(actions));
    const judge = () => validator(input);
    if (isTaken) expect(judge).not.toThrow();
    else expect(judge).toThrow('Abort it, or plan it again.');
  });
});
