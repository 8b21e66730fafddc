import type { CallingVerdict } from '../../../src/domain/licenses/calling';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import { startObstacles } from '../../../src/domain/rollout/guards';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { aTemplate, aUser, changesOf, planOf, type UserSpec } from '../builders';

const properties = { locationId: 'uppsala', phoneNumber: '+99912345678' };
const can: CallingVerdict = { can: true, properties };
const cannot = (cause: 'no-number' | 'bad-number'): CallingVerdict => ({
  can: false,
  cause,
  text: `because of ${cause}`,
});

function aCaller(calling: CallingVerdict, spec: UserSpec = {}): Candidate {
  return { ...aUser(spec), calling };
}

const templates = [aTemplate(['FMS', 'BCSTD', 'RTT'])];

describe("another kind of Calling, to be replaced by one that can't be added", () => {
  it.each(['WXCSTD', 'WXCCA'])(
    'R64 is kept, so that nobody loses %s without a replacement',
    (held) => {
      const row = planOf({
        templates: [aTemplate(['BCSTD', 'RTT'])],
        users: [aCaller(cannot('no-number'), { holds: [held] })],
        preserveLicenses: false,
      }).of('ann');
      expect(changesOf(row)).toBe('+RTT');
      expect(row.waiting.map(({ operation }) => operation)).toEqual(['remove']);
      expect(row.blocked).toEqual([expect.objectContaining({ code: 'no-number' })]);
    },
  );
});

describe('a template that grants Calling', () => {
  it('R62 sends location and number with the license, and with no other', () => {
    const { changes } = planOf({ templates, users: [aCaller(can)] }).of('ann');
    expect(changes.map(({ target, calling }) => [target, calling])).toEqual([
      [expect.objectContaining({ offer: 'FMS' }), undefined],
      [expect.objectContaining({ offer: 'FTM' }), undefined],
      [expect.objectContaining({ offer: 'BCSTD' }), properties],
      [expect.objectContaining({ offer: 'RTT' }), undefined],
    ]);
  });

  it('R62 adds to each of several users with the same licenses their own number', () => {
    const other = { locationId: 'lyon', extension: '4711' };
    const users = [
      aCaller(can, { id: 'ann' }),
      aCaller({ can: true, properties: other }, { id: 'bob' }),
    ];
    const plan = planOf({ templates, users });
    const numberOf = (id: string) => plan.of(id).changes.find(({ calling }) => calling)?.calling;
    expect([numberOf('ann'), numberOf('bob')]).toEqual([properties, other]);
  });

  it.each(['no-number', 'bad-number'] as const)(
    'R64 R69 gives everything else where there is %s, and says so',
    (cause) => {
      const row = planOf({ templates, users: [aCaller(cannot(cause))] }).of('ann');
      expect(changesOf(row)).toBe('+FMS +FTM +RTT');
      expect(row).toMatchObject({ outcome: 'planned', pending: null });
      expect(row.blocked).toMatchObject([
        { code: cause, rule: 'R64', text: `because of ${cause}`, target: { offer: 'BCSTD' } },
      ]);
    },
  );

  it('R64 is blocked where nothing else is to be given', () => {
    const users = [aCaller(cannot('no-number'), { holds: ['FMS', 'FTM', 'RTT'] })];
    expect(planOf({ templates, users }).of('ann')).toMatchObject({
      outcome: 'blocked',
      changes: [],
    });
  });

  it('R64 lets removals continue next to Calling that is blocked', () => {
    const users = [aCaller(cannot('no-number'), { holds: ['FMS', 'FTM', 'RTT', 'CF'] })];
    const row = planOf({ templates, users, preserveLicenses: false }).of('ann');
    expect(changesOf(row)).toBe('-CF');
  });

  it('R69 counts both causes apart, and users of one cause together', () => {
    const users = ['ann', 'bob', 'cas', 'dan'].map((id, i) =>
      aCaller(i === 3 ? can : cannot(i === 0 ? 'no-number' : 'bad-number'), { id }),
    );
    const { summary } = planOf({ templates, users });
    expect(summary.blockedBy).toEqual([
      { code: 'bad-number', users: 2 },
      { code: 'no-number', users: 1 },
    ]);
    expect(summary).toMatchObject({ planned: 4, blocked: 0 });
  });

  it.each([true, false])(
    'R66 R67 leaves who has Calling alone, whatever their number (preserve %s)',
    (preserveLicenses) => {
      const holds = ['FMS', 'FTM', 'RTT', 'BCSTD'];
      const users = [
        aCaller(cannot('bad-number'), { id: 'ann', holds }),
        aCaller(can, { id: 'bob', holds }),
      ];
      const plan = planOf({ templates, users, preserveLicenses });
      for (const row of plan.rows) {
        expect(row).toMatchObject({ outcome: 'unchanged', changes: [], blocked: [] });
      }
    },
  );

  it('R60 changes nobody from Professional to Standard, and never adds both', () => {
    const users = [aCaller(can, { holds: ['BCSTD'] })];
    const row = planOf({ templates: [aTemplate(['WXCSTD'])], users }).of('ann');
    expect(row).toMatchObject({ outcome: 'blocked', changes: [] });
    expect(row.blocked).toMatchObject([{ code: 'forbidden', rule: 'R60' }]);
  });

  it('R62 asks nothing for Calling licenses without a phone of their own', () => {
    const users = [aCaller(cannot('no-number'))];
    const row = planOf({ templates: [aTemplate(['UCPREM', 'WXCCA'])], users }).of('ann');
    expect(row.blocked.map(({ code }) => code)).not.toContain('no-number');
    expect(changesOf(row)).toContain('+WXCCA');
  });

  it('R22 R64 holds for reactions of the watch', () => {
    const reaction = { mode: 'new' as const, causes: [{ kind: 'new-user' as const }] };
    const found = aCaller(cannot('no-number'), { reaction });
    const row = planOf({ templates, users: [found], change: { kind: 'reconcile' } }).of('ann');
    expect(changesOf(row)).toBe('+FMS +FTM +RTT');
    expect(row.blocked).toMatchObject([{ code: 'no-number' }]);
  });

  it('R64 R72 applies to a CSV file as well', () => {
    const cell = { kind: 'license' as const, site: null, granted: true };
    const csv = {
      line: 2,
      cells: [
        { ...cell, offer: 'BCSTD' },
        { ...cell, offer: 'RTT' },
      ],
    };
    const users = [
      aCaller(cannot('bad-number'), { id: 'ann', csv }),
      aCaller(can, { id: 'bob', csv }),
    ];
    const plan = planOf({ users, change: { kind: 'csv', importId: 'i', mode: 'add' } });
    expect(changesOf(plan.of('ann'))).toBe('+RTT');
    expect(plan.of('bob').changes.find(({ calling }) => calling)?.calling).toEqual(properties);
  });
});

describe('a plan that removes Calling', () => {
  const ids = Array.from({ length: 120 }, (_, i) => `user${String(i).padStart(3, '0')}`);
  const story = {
    templates: [aTemplate(['FMS'])],
    preserveLicenses: false,
    users: ids.map((id, i) =>
      aUser({ id, holds: ['FMS', 'FTM', i % 2 === 0 ? 'BCSTD' : 'WXCSTD'] }),
    ),
  };
  const { summary } = planOf(story);

  it('R68 counts everybody who loses it, and names as many as can be read', () => {
    expect(summary.irreversibleRemovals.users).toBe(120);
    expect(summary.irreversibleRemovals.named).toHaveLength(100);
    expect(summary.irreversibleRemovals.named[0]).toMatch(/^user\d{3}@acme\.com$/);
    const warning = summary.warnings.find(({ code }) => code === 'irreversible');
    expect(warning).toMatchObject({ rule: 'R68' });
    expect(warning?.text).toMatch(/number, extension and voicemail permanently.* and 20 more\.$/);
  });

  it('R68 can not be started before that is acknowledged', () => {
    const request = completeRequest({ change: { kind: 'reconcile' } });
    expect(startObstacles(summary, request)).toEqual([
      expect.stringMatching(/user\d{3}@acme\.com.*acknowledgeIrreversible/),
    ]);
    expect(startObstacles(summary, { ...request, acknowledgeIrreversible: true })).toEqual([]);
  });

  it('R68 names nobody who keeps Calling', () => {
    const kept = planOf({ ...story, preserveLicenses: true });
    expect(kept.summary.irreversibleRemovals).toEqual({ users: 0, named: [] });
  });
});
