import { createDecisionCheck } from '../../../../src/domain/plan/aged/decision-check';
import type { RolloutChange } from '../../../../src/domain/request/rollout-request';
import {
  aCsvRow,
  aLicense,
  aTarget,
  aTemplate,
  aUser,
  contextOf,
  licensesWith,
  planOf,
  siteA,
  someSettings,
  type Story,
} from '../../builders';

/** How the decision about the first user differs once these things are not as they were planned. */
function differenceAfter(story: Story, changed: Partial<Story>): string | null {
  const [row] = planOf(story).rows;
  const later = { ...story, ...changed };
  const [user] = later.users;
  if (!row || !user) throw new Error('a story has a user');
  const before = { ...user, holdings: row.before };
  return createDecisionCheck(contextOf(later))(before, row);
}

const all = { templates: [aTemplate(['MS', 'FMS'])], preserveLicenses: false };
const ofSales = aTemplate(['RTT'], { group: 'sales' });
const ann = (groups: string[] = [], holds = ['RTT', 'FMS', 'FTM']) => aUser({ holds, groups });
const attendee = aTemplate([`EE@${siteA}:attendee`, 'FMS']);
const full = licensesWith(aLicense('MS', { total: 1, used: 1 }));
const twoSubscriptions = [
  aLicense('MS#1', { total: 9 }),
  aLicense('MS#2', { total: 9 }),
  ...licensesWith().filter(({ offer }) => offer !== 'MS'),
];

describe('a user who is decided again before the write', () => {
  it.each<[string, Story, Partial<Story>, string | null]>([
    ['nothing changed', { ...all, users: [ann()] }, {}, null],
    [
      'another template is saved that grants what the plan removes',
      { ...all, users: [ann(['sales'])] },
      { templates: [...all.templates, ofSales] },
      'no longer: remove RTT',
    ],
    [
      'another template is saved that grants something else',
      { ...all, users: [ann(['sales'])] },
      { templates: [...all.templates, aTemplate(['CJPSTD'], { group: 'sales' })] },
      'in addition: add Contact Center Standard (CJPSTD)',
    ],
    [
      'another template is saved for other users',
      { ...all, users: [ann()] },
      { templates: [...all.templates, ofSales] },
      null,
    ],
    [
      'a template is saved that grants what is granted already',
      { ...all, users: [ann(['sales'])] },
      { templates: [...all.templates, aTemplate(['MS'], { group: 'sales' })] },
      null,
    ],
    [
      'the next revision of the template grants less',
      { ...all, users: [ann()] },
      { templates: [aTemplate(['FMS'])] },
      'no longer: add Advanced Messaging (MS)',
    ],
    [
      'the user joins a group that grants it',
      { ...all, templates: [...all.templates, ofSales], users: [ann()] },
      { users: [ann(['sales'])] },
      'no longer: remove RTT',
    ],
    [
      'the user leaves the group that is rolled out to',
      { templates: [ofSales], users: [ann(['sales'], [])] },
      { users: [ann([], [])] },
      'no longer: add RTT',
    ],
    [
      'the mode changes, and groups count no more',
      { ...all, templates: [...all.templates, ofSales], users: [ann(['sales'])] },
      { settings: someSettings({ compositionMode: 'group-overrides-organization' }) },
      'no longer: add Advanced Messaging (MS); in addition: remove Basic Space Meetings (FTM); in addition: remove Basic Messaging (FMS)',
    ],
    [
      'the attendee feature is turned off on the site',
      { templates: [attendee], users: [ann([], ['FMS', 'FTM'])] },
      { settings: someSettings({ attendeeSites: [] }) },
      `no longer: add attendee on ${siteA}`,
    ],
    [
      'the user becomes administrator of the site',
      { templates: [attendee], users: [ann([], ['FMS', 'FTM'])] },
      {
        settings: someSettings({ siteAdministrators: [{ site: siteA, users: ['ann@acme.com'] }] }),
      },
      `no longer: add attendee on ${siteA}`,
    ],
    [
      'a rule holds the removals back by now',
      { templates: [attendee], preserveLicenses: false, users: [ann()] },
      {
        settings: someSettings({ siteAdministrators: [{ site: siteA, users: ['ann@acme.com'] }] }),
      },
      `no longer: add attendee on ${siteA}; no longer: remove RTT`,
    ],
    [
      'units are used up: who waits is allocated, not decided',
      { ...all, users: [ann()] },
      { licenses: full },
      null,
    ],
    [
      'units are free again for a user who waits in part',
      { ...all, templates: [aTemplate(['MS', 'FMS', 'CJPSTD'])], licenses: full, users: [ann()] },
      { licenses: licensesWith() },
      null,
    ],
    [
      'the order of subscriptions changes, and both still sell it',
      { ...all, licenses: twoSubscriptions, users: [ann()] },
      { settings: someSettings({ subscriptions: [{ id: 'Sub-2', startsOn: '2001-01-01' }] }) },
      null,
    ],
    [
      'the license to be added is no longer listed',
      { ...all, licenses: twoSubscriptions, users: [ann()] },
      { licenses: twoSubscriptions.slice(1) },
      'no longer: add Advanced Messaging (MS)',
    ],
  ])('R101 %s', (_, story, changed, expected) => {
    expect(differenceAfter(story, changed)).toBe(expected);
  });

  const services: RolloutChange = {
    kind: 'remove-services',
    services: ['calling'],
    from: { organization: true },
  };
  const csv: RolloutChange = { kind: 'csv', importId: 'file', mode: 'add-and-remove' };
  const restore: RolloutChange = { kind: 'restore-services', rolloutId: 'earlier' };
  const granting = { templates: [aTemplate(['FTC', 'RTT'])] };

  it.each<[string, Story]>([
    ['a service is turned off', { change: services, users: [ann([], ['FTC'])] }],
    [
      'a file removes it',
      { change: csv, users: [aUser({ holds: ['RTT'], csv: aCsvRow({ RTT: false }) })] },
    ],
    ['it is restored', { change: restore, users: [aUser({ taken: [aTarget('FTC')] })] }],
  ])('R101 a template that is saved is no difference where %s by a person', (_, story) => {
    expect(planOf(story).summary.planned).toBe(1);
    expect(differenceAfter(story, granting)).toBeNull();
  });

  it('R101 R30 a template that ends takes nothing that another one grants by now', () => {
    const ending = aTemplate(['RTT'], { group: 'sales' });
    const story: Story = {
      change: { kind: 'delete-template', templateId: ending.templateId },
      ending,
      users: [aUser({ holds: ['RTT'], groups: ['sales'], origins: { RTT: ending.templateId } })],
    };
    expect(differenceAfter(story, {})).toBeNull();
    expect(differenceAfter(story, { templates: [aTemplate(['RTT'])] })).toBe(
      'no longer: remove RTT',
    );
  });

  it('R101 R28 what a move would take is kept once the setting preserves it', () => {
    const story: Story = {
      change: { kind: 'reconcile' },
      templates: [ofSales],
      users: [
        aUser({
          holds: ['CJPSTD'],
          groups: ['sales'],
          reaction: { mode: 'exact', causes: [{ kind: 'joined', groupId: 'sales' }] },
        }),
      ],
    };
    expect(differenceAfter(story, {})).toBeNull();
    const preserving = { settings: someSettings({ preserveOnGroupTransition: true }) };
    expect(differenceAfter(story, preserving)).toBe(
      'no longer: remove Contact Center Standard (CJPSTD)',
    );
  });

  it('R101 R28 who has only left a group is given nothing once the setting preserves', () => {
    const story: Story = {
      change: { kind: 'reconcile' },
      templates: [aTemplate(['MS'])],
      settings: someSettings({ preserveOnGroupTransition: true }),
      users: [
        aUser({
          holds: ['CJPSTD'],
          reaction: { mode: 'exact', causes: [{ kind: 'left', groupId: 'sales' }] },
        }),
      ],
    };
    expect(planOf(story).summary.planned).toBe(0);
  });
});
