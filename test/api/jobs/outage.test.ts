import { Outage } from '../../../src/api/jobs/outage';
import { createFakeJobs } from '../../support/api/fake-jobs';
import { whyNoWorker } from '../../../src/api/jobs/why-no-worker';

describe('Outage', () => {
  it('lasts since the first question without an answer, until the next answer', async () => {
    const answers = [true, false, false, true, false];
    let second = 0;
    const outage = new Outage(
      () => Promise.resolve(answers.shift()!),
      () => new Date((second += 1) * 1_000),
    );
    const since: (number | undefined)[] = [];
    while (answers.length > 0) since.push((await outage.awaySince())?.getTime());
    expect(since).toEqual([undefined, 1_000, 1_000, undefined, 2_000]);
  });
});

describe('why no worker works', () => {
  const gone = { since: 'S', trouble: null };
  const jobs = createFakeJobs();
  beforeEach(() => jobs.reset());

  it('is asked of nobody while one does', async () => {
    jobs.isAway = true;
    expect(await whyNoWorker({ jobs }, null)).toBeNull();
  });

  it('is a missing worker, where Temporal answers the API', async () => {
    expect(await whyNoWorker({ jobs }, gone)).toEqual(gone);
  });

  it('is Temporal, where none is left to say so', async () => {
    jobs.isAway = true;
    const temporalAwaySince = '2026-01-02T03:04:05.000Z';
    expect(await whyNoWorker({ jobs }, gone)).toEqual({ ...gone, temporalAwaySince });
  });

  it('is what a worker has said, which is older than what the API knows', async () => {
    jobs.isAway = true;
    const said = { ...gone, temporalAwaySince: 'EARLIER' };
    expect(await whyNoWorker({ jobs }, said)).toEqual(said);
  });
});
