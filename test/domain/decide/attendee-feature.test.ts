import {
  aLicense,
  aTemplate,
  aUser,
  changesOf,
  licensesWith,
  planOf,
  siteA,
  siteB,
  someSettings,
} from '../builders';

const attendee = `EE@${siteA}:attendee`;
const host = `EE@${siteA}`;
/** The feature was on when the template was saved, and was switched off since. */
const settings = someSettings({ attendeeSites: [siteB] });
const noUnit = licensesWith(aLicense(host, { total: 0 }));

describe('a site whose attendee account feature is off', () => {
  it('R38 makes nobody attendee there, and the plan says why', () => {
    const plan = planOf({
      templates: [aTemplate([attendee, 'RTT'])],
      users: [aUser()],
      settings,
    });
    expect(changesOf(plan.of('ann'))).toBe('+RTT');
    expect(plan.of('ann').blocked).toEqual([
      expect.objectContaining({ code: 'forbidden', rule: 'R38' }),
    ]);
  });

  it('R38 R40a leaves a host who should be attendee what they have', () => {
    const plan = planOf({
      templates: [aTemplate([attendee])],
      users: [aUser({ holds: [host] })],
      preserveLicenses: false,
      settings,
    });
    expect(plan.of('ann')).toMatchObject({ changes: [], outcome: 'blocked' });
    expect(plan.of('ann').waiting).toHaveLength(1);
  });

  it('R38 removes nothing from a user who already is attendee there', () => {
    const plan = planOf({
      templates: [aTemplate([attendee])],
      users: [aUser({ attends: [siteA] })],
      preserveLicenses: false,
      settings,
    });
    expect(plan.of('ann').outcome).toBe('unchanged');
  });

  it.each([
    ['off: waits for a unit', [siteB], [], '', 'unit'],
    ['on: is attendee meanwhile', [siteA], [], `+attendee@${siteA}`, 'host'],
    ['off, attendee already: stays attendee meanwhile', [siteB], [siteA], '', 'host'],
  ] as const)('R36 R38 no host unit, and the feature is %s', (_, sites, attends, does, pending) => {
    const plan = planOf({
      templates: [aTemplate([host, attendee])],
      users: [aUser({ attends: [...attends] })],
      licenses: noUnit,
      settings: someSettings({ attendeeSites: [...sites] }),
    });
    expect(changesOf(plan.of('ann'))).toBe(does);
    expect(plan.of('ann').pending).toBe(pending);
  });
});

describe('host and attendee granted where the organization has no host license any more', () => {
  const centre = `MC@${siteA}`;
  it('R37 makes a user who is neither an attendee', () => {
    const plan = planOf({ templates: [aTemplate([centre, attendee])], users: [aUser()] });
    expect(changesOf(plan.of('ann'))).toBe(`+attendee@${siteA}`);
    expect(plan.of('ann').blocked).toEqual([expect.objectContaining({ code: 'no-license' })]);
  });

  it('R35 R37 makes a user who is granted another license of the site a host', () => {
    const plan = planOf({ templates: [aTemplate([centre, host, attendee])], users: [aUser()] });
    expect(changesOf(plan.of('ann'))).toBe(`+EE host@${siteA}`);
  });
});
