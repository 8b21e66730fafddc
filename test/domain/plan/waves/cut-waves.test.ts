import fc from 'fast-check';
import { cutWaves, sizeOf, type CutWavesInput } from '../../../../src/domain/plan/waves/cut-waves';
import { completeRequest } from '../../../../src/domain/kinds/complete-request';
import type { SampleSize } from '../../../../src/domain/request/rollout-request';
import { stableHash } from '../../../../src/domain/plan/waves/stable-hash';
import { aTemplate, aUser, planOf } from '../../builders';

const wave = (size: SampleSize, soakSeconds = 0) => ({ size, soakSeconds });
const everybody = [wave({ percent: 100 })];
const pilotOf = (sample: SampleSize | null) => ({ users: [], groups: [], sample });

function cut(input: Partial<CutWavesInput> & { changed: number }): string {
  const cuts = cutWaves({ named: 0, pilot: null, waves: everybody, ...input });
  return cuts.map(({ wave, users }) => `${wave}:${users}`).join(' ');
}

describe('pilot and waves', () => {
  it.each<[string, Partial<CutWavesInput> & { changed: number }, string]>([
    ['no pilot: waves begin at 1', { changed: 10 }, '1:10'],
    ['cuts a sample by count', { changed: 100, pilot: pilotOf({ count: 7 }) }, '0:7 1:93'],
    [
      'cuts a sample by percent of the changed users, rounded up',
      { changed: 101, pilot: pilotOf({ percent: 10 }) },
      '0:11 1:90',
    ],
    [
      'R79 cuts 1 % by default',
      { changed: 1_000, pilot: pilotOf({ percent: 1, atLeast: 5 }) },
      '0:10 1:990',
    ],
    [
      'R79 cuts at least 5 users by default',
      { changed: 100, pilot: pilotOf({ percent: 1, atLeast: 5 }) },
      '0:5 1:95',
    ],
    [
      'lets the pilot include everybody',
      { changed: 3, pilot: pilotOf({ percent: 1, atLeast: 5 }) },
      '0:3',
    ],
    [
      'cuts named users and a sample of the others',
      { changed: 20, named: 3, pilot: pilotOf({ count: 2 }) },
      '0:5 1:15',
    ],
    ['cuts named users alone', { changed: 20, named: 3, pilot: pilotOf(null) }, '0:3 1:17'],
    [
      'cuts no pilot if no named user is changed',
      { changed: 20, named: 0, pilot: pilotOf(null) },
      '1:20',
    ],
    [
      'cuts percents of all users whom the plan changes',
      {
        changed: 100,
        waves: [wave({ percent: 10 }), wave({ percent: 50 }), wave({ percent: 40 })],
      },
      '1:10 2:50 3:40',
    ],
    [
      'puts all remaining users into the last wave',
      { changed: 100, waves: [wave({ count: 10 }), wave({ count: 1 })] },
      '1:10 2:90',
    ],
    [
      'leaves out waves without users',
      { changed: 5, waves: [wave({ count: 5 }), wave({ percent: 50 }), wave({ percent: 50 })] },
      '1:5',
    ],
    ['cuts no wave if nobody is changed', { changed: 0, pilot: pilotOf({ count: 5 }) }, ''],
  ])('%s', (_, input, expected) => {
    expect(cut(input)).toBe(expected);
  });

  it('does not round a share up because of binary fractions', () => {
    expect(sizeOf({ percent: 7 }, 100)).toBe(7);
    expect(sizeOf({ percent: 0.1 }, 3_000)).toBe(3);
  });

  it('everybody is in exactly one wave', () => {
    const size = fc.oneof(
      fc.record({ count: fc.nat(50) }),
      fc.record({ percent: fc.integer({ min: 0, max: 100 }) }),
    );
    fc.assert(
      fc.property(fc.nat(300), fc.array(size, { maxLength: 4 }), size, (changed, sizes, sample) => {
        const waves = sizes.map((one) => wave(one));
        const cuts = cutWaves({ changed, named: 0, pilot: pilotOf(sample), waves });
        expect(cuts.reduce((sum, { users }) => sum + users, 0)).toBe(changed);
        expect(cuts.every(({ users }) => users > 0)).toBe(true);
      }),
    );
  });
});

describe('who is in which', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => aUser({ id: `u${i}`, inPilot: i === 4 }));
  const templates = [aTemplate(['RTT'])];

  it('R79 the named user is in the pilot, in addition to a sample', () => {
    const pilot = { users: ['u4'], sample: { count: 3 } };
    const plan = planOf({ templates, users: twenty, pilot });
    const inPilot = plan.rows.filter((row) => row.wave === 0).map(({ personId }) => personId);
    expect(inPilot).toHaveLength(4);
    expect(inPilot[0]).toBe('u4');
  });

  it('is fixed by seed and user, and another seed draws others', () => {
    const draw = (seed: string) =>
      planOf({ templates, users: twenty, pilot: { sample: { count: 5 } }, seed })
        .rows.filter(({ wave }) => wave === 0)
        .map(({ personId }) => personId);
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('one')).not.toEqual(draw('two'));
  });

  it('users whom the plan does not change are in none', () => {
    const users = [...twenty, aUser({ id: 'right', holds: ['RTT'], inPilot: true })];
    const plan = planOf({ templates, users, pilot: { users: ['right'] } });
    expect(plan.of('right')).toMatchObject({
      wave: null,
      step: null,
      outcome: 'unchanged',
      seq: 21,
    });
    expect(plan.summary.waves.map(({ users: n }) => n)).toEqual([1, 19]);
  });
});

describe('the stable hash', () => {
  it.each([
    ['', 0, 6_025_115_054_029_179],
    ['ann', 1, 2_538_901_456_120_506],
  ])('of %j with seed %i never changes', (text, seed, expected) => {
    expect(stableHash(text, seed)).toBe(expected);
  });

  it('spreads evenly and hardly ever collides', () => {
    const hashes = Array.from({ length: 10_000 }, (_, i) => stableHash(`person ${i}`, 7));
    expect(new Set(hashes).size).toBe(10_000);
    const lower = hashes.filter((hash) => hash < 2 ** 52).length;
    expect(Math.abs(lower - 5_000)).toBeLessThan(250);
  });
});

describe('a request with its defaults', () => {
  const change = { kind: 'template', templateId: 't', revision: 1 } as const;

  it('is safe: pilot, manual gates, preserve (R18), nobody but future users (R16)', () => {
    expect(completeRequest({ change })).toEqual({
      change,
      existingUsers: false,
      preserveLicenses: true,
      pilot: { users: [], groups: [], sample: { percent: 1, atLeast: 5 } },
      seed: 'seatwise',
      waves: [{ size: { percent: 100 }, soakSeconds: 0 }],
      gates: 'manual',
      guards: {
        maxRemovals: null,
        maxRemovalPercent: null,
        failurePercent: 5,
        failureMin: 3,
      },
      acknowledgeIrreversible: false,
      reason: '',
    });
  });

  it('keeps everything that was given', () => {
    const said = completeRequest({ change, existingUsers: true, gates: 'automatic', seed: 's' });
    expect(completeRequest(said)).toEqual(said);
    expect(said).toMatchObject({ existingUsers: true, gates: 'automatic', seed: 's' });
  });

  it('the pilot is waived only by name', () => {
    expect(completeRequest({ change, pilot: null }).pilot).toBeNull();
    expect(completeRequest({ change, pilot: {} }).pilot?.sample).toEqual({
      percent: 1,
      atLeast: 5,
    });
    expect(completeRequest({ change, pilot: { users: ['ann'] } }).pilot?.sample).toBeNull();
  });

  it('turning services off is about existing users', () => {
    const off = { kind: 'remove-services', services: ['calling'], from: { organization: true } };
    expect(completeRequest({ change: off as never }).existingUsers).toBe(true);
  });
});
