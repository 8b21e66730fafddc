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
    ['no unit of either: attendee once', both, [], 0, 0, `+attendee@${siteA}`, 'host'],
    ['a unit of one: host by that one, no attendee', both, [], 0, 1, `+MC host@${siteA}`, 'unit'],
    [
      'an attendee who gets the second one is attendee no more',
      hostOnly,
      [siteA],
      0,
      1,
      `-attendee@${siteA} +MC host@${siteA}`,
      'unit',
    ],
    ['an attendee who gets neither stays attendee', both, [siteA], 0, 0, '', 'host'],
    ['both', both, [siteA], 1, 1, `-attendee@${siteA} +EE host@${siteA} +MC host@${siteA}`, null],
  ] as const)('%s', (_, templates, attends, ee, mc, changes, pending) => {
    const users = [aUser({ attends: [...attends] })];
    const plan = planOf({ templates: [...templates], users, licenses: units(ee, mc) });
    expect(changesOf(plan.of('ann'))).toBe(changes);
    expect(plan.of('ann').pending).toBe(pending);
    expect(plan.summary.additions).toBe((changes.match(/\+/g) ?? []).length);
  });
});

describe('R36 what is said to a host who waits for a second host license', () => {
  it.each([
    ['that a unit is lacking', 1, ['no-unit']],
    ['where neither has a unit: attendee for now', 0, ['host-pending', 'host-pending']],
  ])('%s', (_, centres, codes) => {
    const { blocked } = planOf({
      templates: both,
      users: [aUser()],
      licenses: units(0, centres),
    }).of('ann');
    expect(blocked.map(({ code }) => code)).toEqual(codes);
  });
});

describe('R36 what a write has to know', () => {
  it.each([
    ['attendee was granted, too', [suite, `${suite}:attendee`], { attendeeFallback: true }],
    ['host alone', [suite], {}],
  ])('%s', (_, grants, mark) => {
    const [change] = planOf({ templates: [aTemplate(grants)], users: [aUser()] }).of('ann').changes;
    expect({ attendeeFallback: change?.attendeeFallback }).toEqual({
      attendeeFallback: undefined,
      ...mark,
    });
  });
});
