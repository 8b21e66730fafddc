import { grantKey, offerKey, targetKey } from '../../../src/domain/model/target-key';
import { aTarget, licenseId, siteA } from '../builders';

describe('keys', () => {
  it('R31a name what is held by license id or attendee site', () => {
    expect(targetKey(aTarget('MS'))).toBe(licenseId('MS'));
    expect(targetKey(aTarget(`attendee:${siteA}`))).toBe(`attendee:${siteA}`);
  });

  it('R9 tell the sites of an offer apart, whatever their case', () => {
    expect(offerKey({ offer: 'MS', site: null })).toBe('MS');
    expect(offerKey({ offer: 'EE', site: 'A.webex.com' })).toBe(`EE@${siteA}`);
  });

  it('R34 name an attendee account by its site, not by the offer', () => {
    expect(grantKey({ kind: 'license', offer: 'EE', site: siteA })).toBe(`EE@${siteA}`);
    expect(grantKey({ kind: 'attendee', offer: 'EE', site: siteA })).toBe(`attendee@${siteA}`);
  });
});
