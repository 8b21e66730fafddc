import type { Change } from '../../../src/domain/model/change';
import { withoutCalling, type RefusedWrite } from '../../../src/domain/write/without-calling';
import { licenseId, someSettings } from '../builders';

const { callingOffers } = someSettings();

function change(operation: Change['operation'], offer: string, calls = false): Change {
  return {
    operation,
    target: { kind: 'license', licenseId: licenseId(offer), offer, site: null },
    reason: { code: 'granted', text: 'granted', rule: 'R11', templates: [] },
    replacement: false,
    ...(calls ? { calling: { locationId: 'lyon', phoneNumber: '+99911111111' } } : {}),
  };
}
const professional = change('add', 'BCSTD', true);
const rtt = change('add', 'RTT');

function narrow(changes: Change[], given: Partial<RefusedWrite> = {}) {
  return withoutCalling({ changes, callingOffers, codes: [], detail: 'number taken', ...given });
}

describe('a write with Calling that Webex refused as a whole', () => {
  it('R64 writes the rest without Calling, with the reason', () => {
    expect(narrow([professional, rtt, change('remove', 'CF')])).toEqual({
      changes: [rtt, change('remove', 'CF')],
      blocked: [
        {
          code: 'bad-number',
          rule: 'R64',
          text: 'Webex refused it: number taken',
          target: professional.target,
        },
      ],
    });
  });

  it('R60 R64 adds nothing that needs it, and removes nothing that it excludes', () => {
    const changes = [professional, change('add', 'WXCAC'), change('remove', 'WXCSTD'), rtt];
    expect(narrow(changes)?.changes).toEqual([rtt]);
  });

  it('R60 tells a conflict of licenses from a bad number', () => {
    expect(narrow([professional], { codes: [400404] })).toMatchObject({
      changes: [],
      blocked: [{ code: 'forbidden', rule: 'R60' }],
    });
  });

  it.each([700003, 700005, 700006, 400216, 400000])(
    'R64 is no explanation where Webex names another: %i',
    (code) => {
      expect(narrow([professional, rtt], { codes: [code] })).toBeNull();
    },
  );

  it('R64 is no explanation where no Calling was asked for', () => {
    expect(narrow([rtt, change('remove', 'BCSTD')])).toBeNull();
  });
});
