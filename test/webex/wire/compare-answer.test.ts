import { compareAnswer } from '../../../src/webex/wire/compare-answer';
import {
  adds,
  addsAttendee,
  licenseId,
  removes,
  removesAttendee,
} from '../../support/scripted-webex';

const site = 'acme.webex.com';

describe('compareAnswer', () => {
  it.each([
    ['an added license that is shown', adds('MS'), { licenses: [licenseId('MS')] }, true],
    ['an added license that is not shown', adds('MS'), { licenses: [] }, false],
    ['a padded id', adds('MS'), { licenses: [`${licenseId('MS')}==`] }, true],
    ['a removed license that is gone', removes('MS'), { licenses: [] }, true],
    ['a removed license that stayed', removes('MS'), { licenses: [licenseId('MS')] }, false],
    [
      'an attendee account that is shown',
      addsAttendee(site),
      { licenses: [], siteUrls: [{ siteUrl: site, accountType: 'attendee' }] },
      true,
    ],
    [
      'an attendee account in capitals',
      addsAttendee(site),
      { licenses: [], siteUrls: [{ siteUrl: 'ACME.webex.com', accountType: 'ATTENDEE' }] },
      true,
    ],
    [
      'an attendee account where only host is shown',
      addsAttendee(site),
      { licenses: [], siteUrls: [{ siteUrl: site, accountType: 'host' }] },
      false,
    ],
    ['an attendee account without any sites', addsAttendee(site), { licenses: [] }, false],
    [
      'a removed attendee account, host by now',
      removesAttendee(site),
      { licenses: [], siteUrls: [{ siteUrl: site, accountType: 'HOST' }] },
      true,
    ],
    [
      'a removed attendee account that stayed',
      removesAttendee(site),
      { licenses: [], siteUrls: [{ siteUrl: site, accountType: 'attendee' }] },
      false,
    ],
    ['a removed attendee account without any sites', removesAttendee(site), { licenses: [] }, true],
  ])('judges %s', (_, change, answer, isDone) => {
    const { done, refused } = compareAnswer([change], answer);
    expect(done).toEqual(isDone ? [change] : []);
    expect(refused).toEqual(isDone ? [] : [change]);
  });

  it('R40 judges the two halves of a replacement separately', () => {
    const changes = [adds('EE', site), removesAttendee(site)];
    const answer = { licenses: [], siteUrls: [] };
    expect(compareAnswer(changes, answer)).toMatchObject({
      done: [changes[1]],
      refused: [changes[0]],
    });
  });

  it('shows everything the user holds now, sorted and once', () => {
    const answer = {
      licenses: [licenseId('MS'), licenseId('FMS'), licenseId('MS')],
      siteUrls: [
        { siteUrl: 'b.webex.com', accountType: 'attendee' },
        { siteUrl: 'A.webex.com', accountType: 'Attendee' },
        { siteUrl: 'c.webex.com', accountType: 'host' },
      ],
    };
    expect(compareAnswer([], answer).holdings).toEqual({
      licenses: [licenseId('MS'), licenseId('FMS')].sort(),
      attendeeSites: ['a.webex.com', 'b.webex.com'],
    });
  });

  it('passes on details of failures, and says what waits for the user', () => {
    const { details } = compareAnswer([adds('MS')], {
      licenses: [],
      pendingLicenses: [licenseId('MS')],
      errors: [{ errorCode: 700003, description: 'free messaging is mandatory' }],
    });
    expect(details).toEqual([
      'free messaging is mandatory [700003]',
      '1 not effective until the user accepts them',
    ]);
  });
});
