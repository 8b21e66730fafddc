import type { Change } from '../../../src/domain/model/change';
import { withMissingHalves } from '../../../src/domain/write/with-missing-halves';
import { shortLabel } from '../builders';

function host(site: string | null): Change {
  return {
    operation: 'add',
    target: { kind: 'license', licenseId: `id on ${site}`, offer: 'EE', site },
    reason: { code: 'granted', text: 'granted by A', rule: 'R11', templates: [] },
    replacement: false,
  };
}
const unseen = { licenses: [], attendeeSites: null };

describe('R40 a host license that Webex refused', () => {
  it('is asked for again with the attendee account removed, if no read shows attendee accounts', () => {
    const whole = withMissingHalves([host('a'), host('b')], unseen);
    expect(whole?.map(shortLabel)).toEqual([
      '-attendee@a',
      '-attendee@b',
      '+EE host@a',
      '+EE host@b',
    ]);
    expect(whole && withMissingHalves(whole, unseen)).toBeNull();
  });

  it('is not, where reads show attendee accounts, or nobody becomes host', () => {
    expect(withMissingHalves([host('a')], { licenses: [], attendeeSites: [] })).toBeNull();
    expect(withMissingHalves([host(null)], unseen)).toBeNull();
  });
});
