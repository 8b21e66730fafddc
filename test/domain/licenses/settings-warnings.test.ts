import { settingsWarnings } from '../../../src/domain/licenses/settings-warnings';
import type { OrgSettings } from '../../../src/domain/model/settings';
import { aLicense, siteA, someSettings } from '../builders';

const licenses = [
  aLicense('FMS'),
  { ...aLicense(`EE@${siteA}`, { total: 5 }), subscriptionId: 'Sub-1' },
  aLicense('UCSTD', { total: 5 }),
];

describe('what settings name and the organization does not have', () => {
  const none: Partial<OrgSettings> = {
    ...{ attendeeSites: [], siteAdministrators: [], subscriptions: [], callingOffers: {} },
  };
  const startsOn = '2024-01-01';

  it.each<[string, Partial<OrgSettings>, string[]]>([
    ['nothing', {}, []],
    ['a site that is there', { attendeeSites: [siteA] }, []],
    ['a site', { attendeeSites: ['x.webex.com'] }, ['unknown-site R38 x.webex.com']],
    [
      'a site with administrators',
      { siteAdministrators: [{ site: 'x.webex.com', users: ['ada@acme.com'] }] },
      ['unknown-site R39 x.webex.com'],
    ],
    [
      'a user, on two sites',
      {
        siteAdministrators: [
          { site: siteA, users: ['bob@acme.com', 'ada@acme.com'] },
          { site: siteA, users: ['bob@acme.com'] },
        ],
      },
      ['unknown-user R39 bob@acme.com'],
    ],
    [
      'a subscription',
      { subscriptions: ['Sub-1', 'Sub-2'].map((id) => ({ id, startsOn })) },
      ['unknown-subscription R44 Sub-2'],
    ],
    ['an offer that is there', { callingOffers: { standard: 'UCSTD' } }, []],
    [
      'offers',
      { callingOffers: { standard: 'UCSTD', attendantConsole: 'AC', customerAssist: 'CA' } },
      ['unknown-offer R60 AC, CA'],
    ],
  ])('warns of %s', (_, changed, expected) => {
    const settings = someSettings({ ...none, ...changed });
    const found = settingsWarnings(settings, { licenses, knownUsers: new Set(['ada@acme.com']) });
    expect(
      found.map(({ code, rule, text }) => `${code} ${rule} ${text.split(': ').at(-1)}`),
    ).toEqual(expected);
  });

  it('names the first few of many, with their number', () => {
    const attendeeSites = Array.from({ length: 9 }, (_, i) => `s${i}.webex.com`);
    const settings = someSettings({ ...none, attendeeSites });
    const [warning] = settingsWarnings(settings, { licenses, knownUsers: new Set() });
    expect(warning?.text).toContain('names 9 sites');
    expect(warning?.text).not.toContain('s7.webex.com');
  });
});
