import fc from 'fast-check';
import { createStamps, holdingsDigest, readStamp } from '../../../src/domain/csv/stamp';

const user = {
  orgId: 'org',
  personId: 'ada',
  holdings: { licenses: ['FMS', 'MS'], attendeeSites: ['a.webex.com'] },
};
const exportedAt = new Date('2026-01-02T03:04:05.678Z');

describe('stamp', () => {
  it('R77 says when, to the second, and what was held', () => {
    const stamp = readStamp(` ${createStamps({ ...user, exportedAt })(user)} `);
    expect(stamp).toEqual({
      exportedAt: new Date('2026-01-02T03:04:05Z'),
      digest: holdingsDigest(user),
    });
  });

  it('R77 is no text that a spreadsheet reads as a number, a date or a formula', () => {
    expect(createStamps({ ...user, exportedAt })(user)).toMatch(/^v1_[0-9TZ]+_[0-9a-f]{32}$/);
  });

  it('R77 does not depend on the order, and not on whether anything has told of no attendee account', () => {
    const { orgId, personId } = user;
    const ids = fc.uniqueArray(fc.string());
    fc.assert(
      fc.property(ids, ids, (licenses, attendeeSites) => {
        const one = holdingsDigest({ orgId, personId, holdings: { licenses, attendeeSites } });
        const holdings = {
          licenses: [...licenses].reverse(),
          attendeeSites: attendeeSites.length === 0 ? null : [...attendeeSites].reverse(),
        };
        expect(holdingsDigest({ orgId, personId, holdings })).toBe(one);
      }),
    );
  });

  it.each([
    ['another organization', { ...user, orgId: 'org2' }],
    ['another user', { ...user, personId: 'bob' }],
    ['another license', { ...user, holdings: { ...user.holdings, licenses: ['FMS'] } }],
    ['no attendee account', { ...user, holdings: { ...user.holdings, attendeeSites: null } }],
    [
      'a license for a site',
      { ...user, holdings: { licenses: ['FMS', 'MS', 'a.webex.com'], attendeeSites: [] } },
    ],
  ])('R77 is another for %s', (_, other) => {
    expect(holdingsDigest(other)).not.toBe(holdingsDigest(user));
  });

  it.each([
    '',
    'TRUE',
    'v2_20260102T030405Z_' + '0'.repeat(32),
    'v1_20269902T030405Z_' + '0'.repeat(32),
  ])('R77 accepts nothing else as a stamp: %j', (text) => expect(readStamp(text)).toBeNull());
});
