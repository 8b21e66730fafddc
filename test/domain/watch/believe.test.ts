import fc from 'fast-check';
import { believe, type ListEvidence, type ListRead } from '../../../src/domain/watch/believe';

const noEvidence: ListEvidence = { acceptedMissing: null, saysEmpty: false, otherSource: null };

/** A list of `before` entries, of which `missing` are missing and nobody arrived. */
function aRead(before: number, missing: number, more: Partial<ListRead> = {}): ListRead {
  return { before, now: before - missing, missing, missingTwice: 0, ...more };
}

const all = { takes: 'all', refusal: null };
const drop = { takes: 'twice', refusal: 'drop' };
const empty = { takes: 'none', refusal: 'empty' };

describe('believe', () => {
  it.each([
    ['a list that shows everybody', aRead(301, 0), all],
    ['a first list', aRead(0, 0, { now: 301 }), all],
    ['30 of 301 missing', aRead(301, 30), all],
    ['31 of 301 missing', aRead(301, 31), drop],
    ['200 of 301 missing: one page is lost', aRead(301, 200), drop],
    ['5 of 6 missing: few people', aRead(6, 5), all],
    ['6 of 10 missing', aRead(10, 6), drop],
    ['6 of 60 missing: a tenth', aRead(60, 6), all],
    ['6 of 59 missing', aRead(59, 6), drop],
    ['an empty list of 301', aRead(301, 301), empty],
    ['as many, but other people', aRead(301, 301, { now: 301 }), drop],
    ['as many, of whom 31 are others', aRead(301, 31, { now: 301 }), drop],
    ['31 missing, which two checks found', aRead(301, 31, { missingTwice: 31 }), all],
    ['31 missing, of whom two checks found 30', aRead(301, 31, { missingTwice: 30 }), all],
    ['62 missing, of whom two checks found 31', aRead(301, 62, { missingTwice: 31 }), drop],
  ])('R88 %s', (_, read, belief) => {
    expect(believe(read, noEvidence, 10)).toEqual(belief);
  });

  it.each([
    ['4 of 10 are left', aRead(10, 6), 50, drop],
    ['5 of 10 are left', aRead(10, 5), 50, all],
    ['the last of 3 leave, and others join', aRead(3, 3, { now: 2 }), 50, all],
    ['half of 20 are left', aRead(20, 10), 50, all],
    ['9 of 20 are left', aRead(20, 11), 50, drop],
    ['nobody of 20 is left, and every drop is believed', aRead(20, 20), 100, all],
  ])('R88 members of a group: %s', (_, read, percent, belief) => {
    expect(believe(read, noEvidence, percent)).toEqual(belief);
  });

  it.each([
    // before, now, percent believed, doubted
    [240, 12, 50, true],
    [240, 120, 50, false],
    [240, 119, 50, true],
    [240, 0, 99, true],
    [240, 0, 100, false],
    [240, 235, 0, false],
    [240, 234, 0, true],
    [7, 2, 50, false],
    [7, 1, 50, true],
    [0, 0, 50, false],
    [0, 900, 50, false],
    [240, 900, 50, false],
  ])(
    'R33 R88 of %d members %d are left, %d %% is believed: doubted %s',
    (before, now, percent, isDoubted) => {
      const read = { before, now, missing: Math.max(0, before - now), missingTwice: 0 };
      expect(believe(read, noEvidence, percent).refusal !== null).toBe(isDoubted);
    },
  );

  it.each([
    ['two checks, and its size says 0', 3, 3, true, all],
    ['one check', 3, 0, true, empty],
    ['a member who left only now', 3, 2, true, empty],
    ['two checks, and its size says nothing', 3, 3, false, empty],
    ['two checks of more than five', 6, 6, true, empty],
  ])('R88 an empty list: %s', (_, before, missingTwice, saysEmpty, belief) => {
    const read = aRead(before, before, { missingTwice });
    expect(believe(read, { ...noEvidence, saysEmpty }, 50)).toEqual(belief);
  });

  it.each([
    ['what a person has accepted', aRead(301, 200), 200, all],
    ['a few more since', aRead(301, 205), 200, all],
    ['many more since', aRead(301, 206), 200, drop],
    ['an empty list that was accepted', aRead(40, 40), 40, all],
    ['an empty list where less was accepted', aRead(40, 40), 10, empty],
  ])('R88 %s', (_, read, acceptedMissing, belief) => {
    expect(believe(read, { ...noEvidence, acceptedMissing }, 10)).toEqual(belief);
  });

  const contradicted = { takes: 'twice', refusal: 'other-source' };
  it.each([
    ['as many units as before', 401, 401, 300, contradicted],
    ['as few units', 300, 401, 300, all],
    ['a tenth more units', 333, 401, 300, all],
    ['a gap that was there before', 501, 501, 380, all],
    ['a source that has fallen silent', null, 401, 300, all],
    ['a source that was silent before', 401, null, 300, contradicted],
  ])('R88 30 of 401 holders are missing, and licenses say %s', (_, now, before, shown, belief) => {
    const otherSource = { now, before };
    const read = aRead(401, 30, { now: shown });
    expect(believe(read, { ...noEvidence, otherSource }, 10)).toEqual(belief);
  });

  it('R88 R89 takes nothing that only one check found missing, unless it is few', () => {
    fc.assert(
      fc.property(
        fc.nat(400),
        fc.nat(400),
        fc.nat(400),
        fc.nat(400),
        fc.integer({ min: 0, max: 99 }),
        (before, arrived, lost, twice, percent) => {
          const missing = Math.min(lost, before);
          const missingTwice = Math.min(twice, missing);
          const now = before - missing + arrived;
          const { takes } = believe({ before, now, missing, missingTwice }, noEvidence, percent);
          const taken = { all: missing, twice: missingTwice, none: 0 }[takes];
          const fresh = taken - missingTwice;
          expect(fresh <= 5 || fresh * 100 <= before * percent).toBe(true);
          // An empty list without any evidence takes nothing.
          if (now === 0) expect(taken).toBe(0);
        },
      ),
    );
  });
});
