import { renderPlan } from '../../../src/domain/render/render-plan';
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

  it('shows no rule numbers', () => {
    expect(text).not.toMatch(/\bR\d/);
  });

  it('lists removals first, with signs and reasons', () => {
    const from = lines.findIndex((line) => line.startsWith('ann <'));
    expect(lines.slice(from + 1, from + 6)).toEqual([
      '  - Advanced Space Meetings (CF): not granted, and preserve is off',
      `  + Webex Meetings Suite (EE), host on ${siteA}: granted by Template organization`,
      '  = Call on Webex (FTC): granted and already assigned',
      '  = RTT: granted and already assigned',
      "  = Free screen share (FSS): every user has this license, and it can't be removed",
    ]);
  });

  it('shows what is blocked, and what waits with it', () => {
    expect(text).toContain('cid <cid@acme.com>  [waiting for a unit]');
    expect(text).toContain('  ! RTT: no unit is left');
    expect(text).toContain('  ! waits: + RTT');
  });

  it('leaves out users who are right already', () => {
    expect(text).not.toContain('dan@acme.com');
  });

  it('R82 R86 tells which features change, for how many, and how many have to be told', () => {
    expect(text).toContain("2 users will notice a difference. Webex doesn't inform them:");
    expect(text).toContain(`  schedule a meeting on ${siteA}: gained by 2 users`);
  });

  it('R86 says of messaging what is lost, limited and not stated', () => {
    const off = planOf({
      change: { kind: 'remove-services', services: ['messaging'], from: { organization: true } },
      users: [aUser({ holds: ['FMS', 'FTM', 'FTC'] })],
    });
    const printed = renderPlan({ title, rows: off.rows, summary: off.summary, writesPerSecond: 5 });
    expect(printed).toEqual(
      expect.arrayContaining([
        '  message someone directly (1:1): lost by 1 user',
        '  annotate: only while sharing in an active call for 1 user',
        '  whiteboard: not stated for 1 user',
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
        "! 2 users are blocked: the number in the directory can't be used for Webex Calling",
        '! 1 user is blocked: Webex Calling needs a number or an extension, and the directory has none',
      ]),
    );
  });

  it('shows totals, the units after the plan, and its estimated time', () => {
    expect(text).toContain('- 1 user loses Advanced Space Meetings (CF)');
    expect(text).toContain(`+ 2 users gain Webex Meetings Suite (EE), host on ${siteA}`);
    expect(text).toContain(
      'Units of Name of RTT (RTT): 0 left now, 0 after (0 added, 0 removed), 1 user waits',
    );
    expect(lines.at(-1)).toBe(
      'Plan: 2 users to change, 2 removals, 2 additions; 1 unchanged, 1 waiting for a unit. ' +
        'About 1 s at 5 writes per second, plus gates and soak time.',
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
      'Plan: 0 users to change, 0 removals, 0 additions. Nothing will be written.',
    );
  });
});
