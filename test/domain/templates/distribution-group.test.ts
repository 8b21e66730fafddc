import { isDistributionGroup } from '../../../src/domain/templates/distribution-group';

describe('isDistributionGroup', () => {
  it.each([
    ['AD', 'distribution', 'yes'],
    ['AD', 'Distribution List', 'yes'],
    [null, 'distribution', 'yes'],
    ['AD', 'policy', 'unknown'],
    ['aad', null, 'unknown'],
    [null, 'policy', 'unknown'],
    [null, null, 'unknown'],
    ['API', 'policy', 'no'],
    ['CONTROL_HUB', null, 'no'],
  ])('R12 from %s for %s: %s', (source, usage, verdict) => {
    expect(isDistributionGroup({ source, usage })).toBe(verdict);
  });
});
