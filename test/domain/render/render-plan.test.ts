import { changeLabel, changesLabel, userLabel } from '../../../src/domain/model/change-label';
import { durationLabel, renderPlan } from '../../../src/domain/render/render-plan';
import { aLicense, aTemplate, aUser, licensesWith, planOf, siteA } from '../builders';

const hostA = `EE@${siteA}`;

const plan = planOf({
  templates: [aTemplate([hostA, 'FTC', 'RTT'])],
  users: [
    aUser({ id: 'ann', holds: ['FTC', 'RTT', 'FSS', 'CF'] }),
    aUser({ id: 'bob', holds: ['FTC', 'RTT'], attends: [siteA] }),
    aUser({ id: 'cid', holds: ['FTC', hostA] }),
    aUser({ id: 'dan', holds: ['FTC', 'RTT', hostA] }),
  ],
  licenses: licensesWith(aLicense('RTT', { total: 3, used: 3 })),
  preserveLicenses: false,
  pilot: { sample: { count: 1 } },
});
const title = 'Template "Sales" r1';
const lines = renderPlan({ title, rows: plan.rows, summary: plan.summary, writesPerSecond: 5 });
const text = lines.join('\n');

describe('a plan as people read it', () => {
  it('begins with its title and with who loses something', () => {
    expect(lines[0]).toBe(title);
    expect(lines[2]).toMatch(/^ann <ann@acme\.com> {2}\[(pilot|wave 1)\]$/);
  });

  it('lists removals first, with signs and reasons', () => {
    const from = lines.findIndex((line) => line.startsWith('ann <'));
    expect(lines.slice(from + 1, from + 6)).toEqual([
      '  -CF  not granted, and preserve is off (R19)',
      `  +EE host@${siteA}  granted by Template organization (R11)`,
      '  = FTC  granted, and held already (R45)',
      '  = RTT  granted, and held already (R45)',
      '  = FSS  comes with every user (R57)',
    ]);
  });

  it('says what is blocked, and what waits with it', () => {
    expect(text).toContain('cid <cid@acme.com>  [waiting-for-seat]');
    expect(text).toContain('  ! RTT  no unit is left (R46)');
    expect(text).toContain('  ! waits: +RTT');
  });

  it('leaves out users who are right already', () => {
    expect(text).not.toContain('dan@acme.com');
  });

  it('R82 R86 tells which features change, for how many, and how many have to be told', () => {
    expect(text).toContain('Features, noticed by 2 users to whom Webex sends no mail:');
    expect(text).toContain(`  schedule a meeting on a meeting site: ${siteA}: gained by 2`);
  });

  it('R86 says of messaging what is lost, limited and not stated', () => {
    const off = planOf({
      change: { kind: 'remove-services', services: ['messaging'], from: { organization: true } },
      users: [aUser({ holds: ['FMS', 'FTM', 'FTC'] })],
    });
    const printed = renderPlan({ title, rows: off.rows, summary: off.summary, writesPerSecond: 5 });
    expect(printed).toEqual(
      expect.arrayContaining([
        '  message someone directly (1:1): lost by 1',
        '  annotate: only while sharing in an active call for 1',
        '  whiteboard: not stated for 1',
      ]),
    );
  });

  it('R69 tells the causes of what is blocked apart', () => {
    const cause = (id: string, code: 'no-number' | 'bad-number') => ({
      ...aUser({ id }),
      calling: { can: false as const, cause: code, text: 'because' },
    });
    const calling = planOf({
      templates: [aTemplate(['BCSTD'])],
      users: [cause('ann', 'no-number'), cause('bob', 'bad-number'), cause('cid', 'bad-number')],
    });
    const { rows, summary } = calling;
    expect(renderPlan({ title, rows, summary, writesPerSecond: 5 })).toEqual(
      expect.arrayContaining([
        '! blocked by bad-number: 2 users',
        '! blocked by no-number: 1 user',
      ]),
    );
  });

  it('tells totals, units after, and the time it will take', () => {
    expect(text).toContain('-CF  1 user');
    expect(text).toContain(`+EE host@${siteA}  2 users`);
    expect(text).toContain(
      'Units of Name of RTT: 0 left now, 0 after (0 taken, 0 freed), 1 user waiting',
    );
    expect(lines.at(-1)).toBe(
      'Plan: 2 users to change: 2 removals, 2 additions; 1 unchanged, 1 waiting for a seat. ' +
        'About 1 s at 5/s, without gates and soak.',
    );
  });

  it('is cut where it would be long, and says so', () => {
    const cut = renderPlan({
      title,
      rows: plan.rows,
      summary: plan.summary,
      writesPerSecond: 5,
      maxUsers: 1,
    });
    expect(cut).toContain('… and 2 more users');
  });

  it('says when nothing will be written', () => {
    const { rows, summary } = planOf({ templates: [aTemplate(['FTC'])], users: [] });
    expect(renderPlan({ title, rows, summary, writesPerSecond: 5 }).at(-1)).toBe(
      'Plan: 0 users to change: 0 removals, 0 additions. Nothing will be written.',
    );
  });
});

describe('labels', () => {
  it.each([
    ['add', { kind: 'license', licenseId: 'x', offer: 'MS', site: null }, '+MS'],
    ['remove', { kind: 'license', licenseId: 'x', offer: 'MS', site: null }, '-MS'],
    ['add', { kind: 'license', licenseId: 'x', offer: 'EE', site: siteA }, `+EE host@${siteA}`],
    ['remove', { kind: 'attendee', site: siteA }, `-attendee@${siteA}`],
  ] as const)('%s %j is %s', (operation, target, expected) => {
    expect(changeLabel({ operation, target })).toBe(expected);
  });

  it('all changes of a user stand on one line, removals first', () => {
    expect(changesLabel(plan.of('bob').changes)).toBe(`-attendee@${siteA} +EE host@${siteA}`);
  });

  it.each([
    ['Ann Lee', 'Ann Lee <ann@acme.com>'],
    ['  ', 'ann@acme.com'],
    ['ann@acme.com', 'ann@acme.com'],
  ])('a user named %j is %s', (displayName, expected) => {
    expect(userLabel({ email: 'ann@acme.com', displayName })).toBe(expected);
  });

  it.each([
    [0.4, '1 s'],
    [90, '90 s'],
    [600, '10 min'],
    [7_200, '2 h'],
    [11_520, '3 h 12 min'],
  ])('%d seconds are %s', (seconds, expected) => {
    expect(durationLabel(seconds)).toBe(expected);
  });
});
