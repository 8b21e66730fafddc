import type { Entitlement } from '../../../src/domain/model/template';
import { validateTemplate } from '../../../src/domain/templates/validate-template';
import { aLicense, entitlement, siteA, siteB, someLicenses, someSettings } from '../builders';

const hostA = `EE@${siteA}`;

function validate(entitlements: (string | Entitlement)[], attendeeSites = [siteA]) {
  return validateTemplate({
    entitlements: entitlements.map((one) => (typeof one === 'string' ? entitlement(one) : one)),
    licenses: [...someLicenses(), aLicense('MC@c.webex.com', { total: 1 })],
    settings: someSettings({ attendeeSites }),
  });
}

describe('faults of a template', () => {
  it.each<[string, (string | Entitlement)[], string, string, string, RegExp]>([
    [
      'R8 an unknown offer, with the known ones',
      ['XX'],
      '/entitlements/0/offer',
      'unknown-offer',
      'R8',
      /it has .*\(FMS\).*\(EE\)/,
    ],
    [
      'R9 an unknown site, with those of the offer',
      ['FMS', 'EE@x.com'],
      '/entitlements/1/site',
      'unknown-site',
      'R9',
      /it has a\.webex\.com, b\.webex\.com/,
    ],
    [
      'R9 a site of another offer',
      ['EE@c.webex.com'],
      '/entitlements/0/site',
      'unknown-site',
      'R9',
      /Webex Meetings Suite \(EE\) has no site/,
    ],
    [
      'R9 a missing site',
      [{ offer: 'EE' }],
      '/entitlements/0/site',
      'site-missing',
      'R9',
      /a\.webex\.com/,
    ],
    [
      'R9 a site where none belongs',
      [{ offer: 'RTT', site: siteA }],
      '/entitlements/0/site',
      'site-not-allowed',
      'R9',
      /RTT/,
    ],
    [
      'R34 an account type where none belongs',
      [{ offer: 'RTT', accountType: 'host' }],
      '/entitlements/0/accountType',
      'account-type-not-allowed',
      'R34',
      /RTT/,
    ],
    [
      'R38 attendee where the feature is off',
      [`EE@${siteB}:attendee`],
      '/entitlements/0/accountType',
      'attendee-not-enabled',
      'R38',
      /b\.webex\.com/,
    ],
    [
      'R8 a duplicate',
      ['RTT', 'FTC', 'RTT'],
      '/entitlements/2',
      'duplicate',
      'R8',
      /\/entitlements\/0/,
    ],
    [
      'R55 CF without messaging',
      ['CF'],
      '/entitlements/0/offer',
      'unmet-dependency',
      'R55',
      /Basic Messaging \(FMS\) or Advanced Messaging \(MS\)/,
    ],
    [
      'R55 FTM without messaging',
      ['FTC', 'FTM'],
      '/entitlements/1/offer',
      'unmet-dependency',
      'R55',
      /Basic Messaging \(FMS\) or Advanced Messaging \(MS\)/,
    ],
    [
      'R60 Professional with Standard',
      ['BCSTD', 'WXCSTD'],
      '/entitlements/1/offer',
      'exclusion',
      'R60',
      /can't hold both/,
    ],
    [
      'R60 Standard with Attendant Console',
      ['BCSTD', 'WXCAC', 'WXCSTD'],
      '/entitlements/2/offer',
      'exclusion',
      'R60',
      /can.t hold both/,
    ],
    [
      'R60 Standard with Customer Assist',
      ['WXCCA', 'WXCSTD'],
      '/entitlements/1/offer',
      'exclusion',
      'R60',
      /can.t hold both/,
    ],
    [
      'R60 Attendant Console without Professional',
      ['WXCAC'],
      '/entitlements/0/offer',
      'unmet-dependency',
      'R60',
      /BCSTD/,
    ],
  ])('%s', (_, entitlements, pointer, code, rule, detail) => {
    const { faults } = validate(entitlements);
    expect(faults).toContainEqual({ pointer, code, rule, detail: expect.stringMatching(detail) });
  });

  it('are all named at once, in the order of the entitlements', () => {
    const { faults } = validate([
      'XX',
      { offer: 'EE', accountType: 'attendee' },
      'CF',
      'RTT',
      'RTT',
    ]);
    expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/entitlements/0/offer unknown-offer',
      '/entitlements/1/site site-missing',
      '/entitlements/1/accountType account-type-without-site',
      '/entitlements/2/offer unmet-dependency',
      '/entitlements/4 duplicate',
    ]);
  });

  it.each<[string, (string | Entitlement)[]]>([
    ['R36 host and attendee of one site', [hostA, `${hostA}:attendee`]],
    ['R41 Contact Center Standard and Premium', ['CJPSTD', 'CJPPRM']],
    ['R9 two sites', [hostA, `EE@${siteB}`]],
    ['R53 MS without FMS', ['MS']],
    ['R55 CF with MS', ['CF', 'MS']],
    ['nothing at all', []],
  ])('%s is none', (_, entitlements) => {
    expect(validate(entitlements).faults).toEqual([]);
  });
});

describe('what is stored', () => {
  it('R53 MS includes FMS', () => {
    expect(validate(['MS']).normalized).toEqual([{ offer: 'FMS' }, { offer: 'MS' }]);
  });

  it('R34 host is the default where the offer has sites, and sites are in lower case', () => {
    const { normalized, faults } = validate([{ offer: 'EE', site: 'A.Webex.com' }]);
    expect(faults).toEqual([]);
    expect(normalized).toEqual([{ offer: 'EE', site: siteA, accountType: 'host' }]);
  });

  it.each([
    ['R57 FSS', ['FSS', 'FTC'], [{ offer: 'FTC' }], 'R57'],
    ['R56 FTM', ['FTM', 'FMS'], [{ offer: 'FMS' }], 'R56'],
  ])('%s cannot be controlled: left out with a warning', (_, entitlements, normalized, rule) => {
    const result = validate(entitlements);
    expect(result.normalized).toEqual(normalized);
    expect(result.faults).toEqual([]);
    expect(result.warnings.map((warning) => warning.rule)).toEqual([rule]);
  });

  it('is the same whatever the order, and whether it is stored once or again', () => {
    const first = validate(['MS', hostA, 'FTC']).normalized;
    expect(validate(['FTC', hostA, 'MS']).normalized).toEqual(first);
    expect(validate(first).normalized).toEqual(first);
  });
});
