import { failureGuard, guardViolations, startObstacles } from '../../../src/domain/rollout/guards';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { aTemplate, aUser, planOf, siteA } from '../builders';

const { guards } = completeRequest({ change: { kind: 'template', templateId: 't', revision: 1 } });

describe('the failure threshold', () => {
  it.each([
    ['does not trip if nobody failed', 1_000, 0, false],
    ['does not trip if too few users were written', 19, 19, false],
    ['does not trip if the share is below the limit', 100, 4, false],
    ['trips if the share is at the limit', 100, 5, true],
    ['trips if the whole first sample failed', 20, 20, true],
    ['does not trip if nothing was written', 0, 0, false],
  ])('%s', (_, written, failed, tripped) => {
    expect(failureGuard({ written, failed }, guards).tripped).toBe(tripped);
  });

  it('says how many failed, and the limit', () => {
    expect(failureGuard({ written: 40, failed: 3 }, guards)).toEqual({
      tripped: true,
      reason: '3 of 40 users failed (7.5 %, the limit is 5 %)',
    });
  });

  it('a limit of 0 % halts at the first failure, and never without one', () => {
    const strict = { ...guards, failurePercent: 0, failureMinSample: 1 };
    expect(failureGuard({ written: 9, failed: 0 }, strict).tripped).toBe(false);
    expect(failureGuard({ written: 900, failed: 1 }, strict).tripped).toBe(true);
  });
});

describe('the removal budget', () => {
  const plan = (preserveLicenses: boolean) =>
    planOf({
      templates: [aTemplate([`EE@${siteA}`])],
      users: [
        aUser({ id: 'ann', holds: ['RTT', 'CJPSTD'] }),
        aUser({ id: 'bob', attends: [siteA] }),
        aUser({ id: 'cid' }),
        aUser({ id: 'dan', holds: ['BCSTD'] }),
      ],
      preserveLicenses,
    }).summary;

  it.each([
    ['enough', { maxRemovals: 3 }, 0],
    ['too few licenses', { maxRemovals: 2 }, 1],
    ['enough users', { maxRemovalPercent: 50 }, 0],
    ['too few users', { maxRemovalPercent: 49 }, 1],
    ['both too few', { maxRemovals: 0, maxRemovalPercent: 0 }, 2],
  ])('%s: R19b replacements do not count', (_, limits, expected) => {
    expect(guardViolations(plan(false), { ...guards, ...limits })).toHaveLength(expected);
  });

  it('R19b a plan of replacements alone needs no budget', () => {
    const none = { ...guards, maxRemovals: 0, maxRemovalPercent: 0 };
    expect(guardViolations(plan(true), none)).toEqual([]);
  });

  it('R68 a plan that destroys Calling names the users and needs an acknowledgement', () => {
    const [obstacle] = startObstacles(plan(false), { guards, acknowledgeIrreversible: false });
    expect(obstacle).toContain('dan@acme.com');
    expect(startObstacles(plan(false), { guards, acknowledgeIrreversible: true })).toEqual([]);
  });
});
