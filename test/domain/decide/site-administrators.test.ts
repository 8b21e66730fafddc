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

const hostA = `EE@${siteA}`;
const settings = someSettings({ siteAdministrators: [{ site: siteA, users: ['ann@acme.com'] }] });
const none = licensesWith(aLicense(hostA, { total: 0 }));
const templates = [aTemplate([`${hostA}:attendee`, 'RTT'])];
const both = [aTemplate([hostA]), aTemplate([`${hostA}:attendee`], { group: 'sales' })];

describe('somebody who administers a site', () => {
  it('R39 is not made attendee there, and gets everything else', () => {
    const plan = planOf({ settings, templates, users: [aUser(), aUser({ id: 'bob' })] });
    expect(changesOf(plan.of('ann'))).toBe('+RTT');
    expect(plan.of('ann').blocked).toMatchObject([
      { code: 'site-administrator', rule: 'R39', target: { kind: 'attendee', site: siteA } },
    ]);
    expect(changesOf(plan.of('bob'))).toContain(`attendee@${siteA}`);
    expect(plan.summary.blockedBy).toEqual([{ code: 'site-administrator', users: 1 }]);
  });

  it('R39 may be attendee on other sites', () => {
    const users = [aUser()];
    const plan = planOf({ settings, templates: [aTemplate([`EE@${siteB}:attendee`])], users });
    expect(changesOf(plan.of('ann'))).toContain(`attendee@${siteB}`);
  });

  it('R39 keeps the attendee account of a user who has one', () => {
    const users = [aUser({ attends: [siteA], holds: ['RTT'] })];
    expect(planOf({ settings, templates, users }).of('ann')).toMatchObject({
      outcome: 'unchanged',
      blocked: [],
    });
  });

  it.each([true, false])('R39 R40 keeps host and all licenses (preserve %s)', (preserve) => {
    const users = [aUser({ holds: [hostA, 'RTT'] })];
    const row = planOf({ settings, templates, users, preserveLicenses: preserve }).of('ann');
    expect(row.changes).toEqual([]);
    expect(row.expected.licenses).toHaveLength(2);
  });

  it('R36 R39 waits for a host unit without being attendee meanwhile', () => {
    const users = ['ann', 'bob'].map((id) => aUser({ id, groups: ['sales'] }));
    const plan = planOf({ settings, templates: both, licenses: none, users });
    expect(plan.of('ann')).toMatchObject({
      changes: [],
      pending: 'unit',
      outcome: 'waiting-for-seat',
    });
    expect(plan.of('ann').waiting[0]).not.toHaveProperty('attendeeFallback');
    expect(changesOf(plan.of('bob'))).toContain(`attendee@${siteA}`);
    expect(plan.of('bob')).toMatchObject({ pending: 'host' });
  });

  it('R36 R39 gets host where a unit is left', () => {
    const users = [aUser({ groups: ['sales'] })];
    const row = planOf({ settings, templates: both, users }).of('ann');
    expect(changesOf(row)).toBe(`+EE host@${siteA}`);
    expect(row.changes[0]).not.toHaveProperty('attendeeFallback');
  });

  it('R39 is known whatever the case of address and site', () => {
    const loud = someSettings({
      siteAdministrators: [{ site: siteA.toUpperCase(), users: ['ANN@acme.com'] }],
    });
    const users = [{ ...aUser(), email: 'Ann@Acme.com' }];
    expect(planOf({ settings: loud, templates, users }).of('ann').blocked).toMatchObject([
      { code: 'site-administrator' },
    ]);
  });

  it('R39 is known by another of their addresses', () => {
    const users = [
      { ...aUser(), email: 'new@acme.com', addresses: ['new@acme.com', 'ann@acme.com'] },
      { ...aUser({ id: 'bob' }), addresses: ['bob@acme.com', 'robert@acme.com'] },
    ];
    const plan = planOf({ settings, templates, users });
    expect(plan.of('ann').blocked).toMatchObject([{ code: 'site-administrator' }]);
    expect(changesOf(plan.of('bob'))).toContain(`attendee@${siteA}`);
  });

  it('R39 counts the sites of all addresses', () => {
    const sites = someSettings({
      siteAdministrators: [
        { site: siteA, users: ['new@acme.com'] },
        { site: siteB, users: ['Old@acme.com'] },
      ],
    });
    const grants = [siteA, siteB].map((site) => `EE@${site}:attendee`);
    const users = [
      { ...aUser(), email: 'new@acme.com', addresses: ['new@acme.com', 'old@acme.com'] },
    ];
    const row = planOf({ settings: sites, templates: [aTemplate(grants)], users }).of('ann');
    expect(row.changes).toEqual([]);
    expect(row.blocked.map(({ target }) => target.site)).toEqual([siteA, siteB]);
  });

  it('R39 holds for a file and for reactions of the watch', () => {
    const cells = [
      { kind: 'attendee' as const, offer: 'attendee', site: siteA, granted: true },
      { kind: 'license' as const, offer: 'RTT', site: null, granted: true },
    ];
    const byFile = planOf({
      settings,
      change: { kind: 'csv', importId: 'i', mode: 'add' },
      users: [aUser({ csv: { line: 2, cells } })],
    });
    const reaction = { mode: 'new' as const, causes: [{ kind: 'new-user' as const }] };
    const byItself = planOf({
      settings,
      templates,
      change: { kind: 'reconcile' },
      users: [aUser({ reaction })],
    });
    for (const plan of [byFile, byItself]) {
      expect(changesOf(plan.of('ann'))).toBe('+RTT');
      expect(plan.of('ann').blocked).toMatchObject([{ code: 'site-administrator', rule: 'R39' }]);
    }
  });
});
