import { failureGuard, guardViolations, startObstacles } from '../../../src/domain/rollout/guards';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { aTemplate, aUser, planOf, siteA } from '../builders';

const aRequest = completeRequest({ change: { kind: 'template', templateId: 't', revision: 1 } });
const { guards } = aRequest;

describe('the failure guard', () => {
  it.each([
    ['nobody failed', 0, 0, false],
    ['as many failed as may', 3, 3, false],
    ['one more failed', 4, 3, true],
    ['the first one failed and nobody may', 1, 0, true],
  ])('R96 %s', (_, failed, limit, tripped) => {
    expect(failureGuard({ written: 40, failed, limit }).tripped).toBe(tripped);
  });

  it('R96 says how many failed and how many may, and what to do', () => {
    expect(failureGuard({ written: 40, failed: 4, limit: 3 })).toEqual({
      tripped: true,
      reason:
        '4 of 40 users failed, and at most 3 may. Look at why they failed, then resume or abort',
    });
  });

  it.each<[string, Parameters<typeof completeRequest>[0]['guards'], number]>([
    ['3 by default', {}, 3],
    ['the given number', { failureMin: 12 }, 12],
    ['none at all', { failureMin: 0 }, 0],
    ['3 where the sample of a 0.1.0 request allows fewer', { failureMinSample: 20 }, 3],
    ['what its sample allows', { failurePercent: 20, failureMinSample: 50 }, 10],
    ['the given number before the sample', { failureMin: 1, failureMinSample: 900 }, 1],
  ])('R96 allows at least %s', (_, given, failureMin) => {
    const { change } = aRequest;
    expect(completeRequest({ change, guards: given }).guards.failureMin).toBe(failureMin);
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
