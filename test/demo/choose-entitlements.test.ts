import { chooseEntitlements } from '../../src/demo/choose-entitlements';
import { candidateGroups } from '../../src/demo/choose-template';
import type { Group, License } from '../../src/demo/api-types';

function aLicense(changes: Partial<License> & { offer: string }): License {
  return {
    licenseId: `id-${changes.offer}-${changes.site ?? ''}`,
    label: changes.offer,
    service: 'messaging',
    name: changes.offer,
    site: null,
    subscriptionId: 'Sub1',
    totalUnits: 100,
    consumedUnits: 0,
    unitsLeft: 100,
    ...changes,
  };
}

const fms = aLicense({ offer: 'FMS', unitsLeft: null });
const ftc = aLicense({ offer: 'FTC', unitsLeft: null, service: 'calling' });
const ms = aLicense({ offer: 'MS' });
const ee = aLicense({ offer: 'EE', site: 'acme.webex.com', service: 'meetings' });
const calling = aLicense({ offer: 'BCSTD', service: 'calling' });

function holding(...licenses: License[]) {
  return { licenses: licenses.map(({ licenseId }) => licenseId), attendeeSites: [] };
}

describe('chooseEntitlements', () => {
  it('adds what most members lack and removes what it does not name', () => {
    const choice = chooseEntitlements(
      [fms, ftc, ms, ee],
      [holding(fms, ftc, ee), holding(fms, ftc), holding(fms, ftc, ms)],
    );
    expect(choice).toMatchObject({
      entitlements: [{ offer: 'FMS' }, { offer: 'FTC' }, { offer: 'MS' }],
      adds: 'MS',
      removes: 'EE on acme.webex.com',
      losesCalling: 0,
    });
  });

  it('adds a meeting license as a host account', () => {
    const choice = chooseEntitlements([fms, ee], [holding(fms), holding(fms)]);
    expect(choice.entitlements).toContainEqual({
      offer: 'EE',
      site: 'acme.webex.com',
      accountType: 'host',
    });
  });

  it('prefers a license with units for everybody', () => {
    const scarce = { ...ms, unitsLeft: 1 };
    const choice = chooseEntitlements([fms, scarce, ee], [holding(fms), holding(fms)]);
    expect(choice.adds).toBe('EE on acme.webex.com');
  });

  it('leaves out Call on Webex if nobody holds anything else that could be removed', () => {
    const choice = chooseEntitlements([fms, ftc, ms], [holding(fms, ftc), holding(fms, ftc)]);
    expect(choice.removes).toBe('Call on Webex');
    expect(choice.entitlements).not.toContainEqual({ offer: 'FTC' });
  });

  it('R68 counts users who would lose Calling, and scores that lower', () => {
    const without = chooseEntitlements([fms, ms, ee, calling], [holding(fms, ee)]);
    const withCalling = chooseEntitlements([fms, ms, ee, calling], [holding(fms, ee, calling)]);
    expect(withCalling.losesCalling).toBe(1);
    expect(withCalling.score).toBeLessThan(without.score);
  });
});

describe('candidateGroups', () => {
  const aGroup = (displayName: string, changes: Partial<Group>): Group => ({
    groupId: displayName,
    displayName,
    memberSize: 10,
    isLocation: false,
    ...changes,
  });

  it('R13 leaves out location groups and empty groups', () => {
    const groups = [
      aGroup('Berlin', { isLocation: true }),
      aGroup('Empty', { memberSize: 0 }),
      aGroup('Unknown', { memberSize: null }),
      aGroup('Huge', { memberSize: 5_000 }),
      aGroup('Handy', { memberSize: 20 }),
    ];
    expect(candidateGroups(groups).map(({ displayName }) => displayName)).toEqual([
      'Handy',
      'Huge',
    ]);
  });
});
