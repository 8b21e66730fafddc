import { aLicense, aTemplate, aUser, changesOf, licensesWith, planOf, siteA } from '../builders';

/** Two offers that make a user host on one site, each with so many units left. */
const units = (suite: number, centre: number) =>
  licensesWith(
    aLicense(`EE@${siteA}`, { total: suite }),
    aLicense(`MC@${siteA}`, { total: centre }),
  );
const suite = `EE@${siteA}`;
const centre = `MC@${siteA}`;
const both = [aTemplate([suite, centre, `${suite}:attendee`])];
const hostOnly = [aTemplate([suite, centre])];

describe('R36, R40 two host licenses on one site', () => {
  it.each([
    ['adds attendee once if neither has a unit', both, [], 0, 0, `+attendee@${siteA}`, 'host'],
    [
      'adds the host license that has a unit, and no attendee',
      both,
      [],
      0,
      1,
      `+MC host@${siteA}`,
      'unit',
    ],
    [
      'removes attendee with the second host license',
      hostOnly,
      [siteA],
      0,
      1,
      `-attendee@${siteA} +MC host@${siteA}`,
      'unit',
    ],
    ['keeps attendee if neither has a unit', both, [siteA], 0, 0, '', 'host'],
    [
      'adds both host licenses if both have a unit',
      both,
      [siteA],
      1,
      1,
      `-attendee@${siteA} +EE host@${siteA} +MC host@${siteA}`,
      null,
    ],
  ] as const)('%s', (_, templates, attends, ee, mc, changes, pending) => {
    const users = [aUser({ attends: [...attends] })];
    const plan = planOf({ templates: [...templates], users, licenses: units(ee, mc) });
    expect(changesOf(plan.of('ann'))).toBe(changes);
    expect(plan.of('ann').pending).toBe(pending);
    expect(plan.summary.additions).toBe((changes.match(/\+/g) ?? []).length);
  });
});

describe('R36 the notes on a second host license that waits', () => {
  it.each([
    ['state that no unit is left', 1, ['no-unit']],
    ['state attendee for now if neither has a unit', 0, ['host-pending', 'host-pending']],
  ])('%s', (_, centres, codes) => {
    const { blocked } = planOf({
      templates: both,
      users: [aUser()],
      licenses: units(0, centres),
    }).of('ann');
    expect(blocked.map(({ code }) => code)).toEqual(codes);
  });
});

describe('R36 the mark on a planned host license', () => {
  it.each([
    [
      'is set if attendee is granted in addition',
      [suite, `${suite}:attendee`],
      { attendeeFallback: true },
    ],
    ['is absent if host alone is granted', [suite], {}],
  ])('%s', (_, grants, mark) => {
    const [change] = planOf({ templates: [aTemplate(grants)], users: [aUser()] }).of('ann').changes;
    expect({ attendeeFallback: change?.attendeeFallback }).toEqual({
      attendeeFallback: undefined,
      ...mark,
    });
  });
});
