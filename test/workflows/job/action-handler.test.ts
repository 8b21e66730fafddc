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

  const malformed: [string, unknown][] = [
    ['nothing', undefined],
    ['text', 'now'],
    ['a list', [input]],
    ['no actor', { ...input, actor: undefined }],
    ['an actor without a role', { ...input, actor: { name: 'olga' } }],
    ['no phase version', { ...input, expectedPhaseVersion: '2' }],
    ['no reason', { ...input, reason: null }],
  ];
  it.each(malformed)('is refused where somebody sends it by hand with %s', (_, sent) => {
    const [, { validator }] = handlerOf(aJob(0));
    expect(() => validator(sent as ActionInput)).toThrow('Use the API.');
  });

  it.each(['start', 'replan'] as const)('%s is refused without what it is about', (action) => {
    const job = { ...aJob(0), state: newJobState('planned', 2) } as unknown as Job;
    const [, { validator }] = actionHandler(job, action, () => Promise.resolve());
    expect(() => validator(input)).toThrow('Use the API.');
    expect(() => validator({ ...input, digest: 'd', requestId: 'r' } as ActionInput)).not.toThrow();
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
