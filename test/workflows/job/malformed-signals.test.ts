import { handleControls } from '../../../src/workflows/job/controls';
import type { Job } from '../../../src/workflows/job/job';
import { reportSignal, waitsSignal } from '../../../src/contract/messages';

const handlers = new Map<unknown, (input: unknown) => void>();
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  setHandler: (definition: unknown, handler: (input: unknown) => void) =>
    handlers.set(definition, handler),
}));

describe('signals that somebody sends to a rollout by hand', () => {
  const taken: unknown[] = [];
  beforeAll(() => {
    const take = (input: unknown) => taken.push(input);
    handleControls({ addReport: take, hearWaits: take } as unknown as Job);
  });
  beforeEach(() => taken.splice(0));

  it.each([
    ['report', reportSignal],
    ['waits', waitsSignal],
  ])('%s is ignored where it is malformed: the workflow would fail for ever', (_, signal) => {
    for (const junk of [undefined, null, 'x', {}, { junk: true }]) handlers.get(signal)?.(junk);
    expect(taken).toEqual([]);
  });

  it('those of shards and of upkeep arrive', () => {
    const report = { counts: { applied: 1 }, halted: null };
    const told = { phaseVersion: 2, waitsFor: 'a unit' };
    handlers.get(reportSignal)?.(report);
    handlers.get(waitsSignal)?.(told);
    expect(taken).toEqual([report, told]);
  });
});
