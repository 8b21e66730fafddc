import {
  judgeFirstSight,
  type FirstLicense,
  type FirstSightInput,
} from '../../../src/domain/watch/judge-first-sight';

const baselineAt = new Date('2026-05-01T12:00:00Z');
const before = new Date('2026-05-01T11:59:59Z');
const after = new Date('2026-05-01T12:00:01Z');
const free = ['FMS', 'FTM', 'FTC', 'FSS'].map((offer) => ({ offer, siteType: null }));
const own = { offer: 'EE', siteType: 'Control Hub managed site' };
const linked = { offer: 'EE', siteType: 'Linked site' };
const administered = { offer: 'CMR', siteType: 'Site Admin managed site' };
const calling = { offer: 'BCSTD', siteType: null };

const nobody = { isNew: false, onlyGains: false, isExplicit: false, cause: null };
const newUser = {
  isNew: true,
  onlyGains: false,
  isExplicit: false,
  cause: { kind: 'new-user' },
};
const explicit = { ...newUser, isExplicit: true };
const newlyLinked = { ...newUser, onlyGains: true, cause: { kind: 'linked-user' } };
const arrived = { ...newUser, onlyGains: true, cause: { kind: 'arrived-user' } };
const returned = { ...arrived, cause: { kind: 'returned-user' } };

function sight(input: Partial<FirstSightInput>) {
  const nobodyKnown = { kind: 'person', createdAt: null, licenses: [], before: null } as const;
  return judgeFirstSight({ ...nobodyKnown, baselineAt, ...input });
}

describe('first sight of a user', () => {
  it.each<[string, Date | null, FirstLicense[], object]>([
    ['R15 a user who was created after the first check is new', after, free, newUser],
    ['R15 a claimed user, created long before, is new and only gains', before, free, arrived],
    ['R15 a user who was created when it began is new and only gains', baselineAt, free, arrived],
    ['R15 a user of unknown age is new and only gains', null, free, arrived],
    ['R15 a user without any license is new', after, [], newUser],
    [
      'R20 a license in addition to the free ones makes a user explicit',
      after,
      [...free, calling],
      explicit,
    ],
    ['R20 a host license of an own site makes a user explicit', after, [own], explicit],
    ['R20 free licenses make nobody explicit', after, free, newUser],
    ['R20 a license of a linked site makes nobody explicit', after, [...free, linked], newUser],
    [
      'R20 a license of a site of Site Administration makes nobody explicit',
      after,
      [administered],
      newUser,
    ],
    ['R20 a license of each kind makes a user explicit', after, [linked, own], explicit],
    [
      'R21 a user who holds only licenses of linked sites counts as new',
      before,
      [...free, linked],
      newlyLinked,
    ],
    [
      'R21 licenses of both kinds of site count as linked',
      null,
      [linked, administered],
      newlyLinked,
    ],
    [
      'R21 R20 an older user with another license as well is explicit',
      before,
      [linked, calling],
      { ...arrived, isExplicit: true },
    ],
    ['R21 free licenses alone are no link', before, free, arrived],
    ['R15 R21 a user who was created and linked since is new', after, [linked], newUser],
  ])('%s', (_, createdAt, licenses, expected) => {
    expect(sight({ createdAt, licenses })).toEqual(expected);
  });

  it.each([false, true])(
    'R15 R20 a user who comes back is new, only gains, and is as explicit as before: %s',
    (isExplicit) => {
      const licenses = isExplicit ? free : [own];
      const found = sight({ createdAt: after, licenses, before: { isExplicit } });
      expect(found).toEqual({ ...returned, isExplicit });
    },
  );

  it.each(['bot', 'machine', 'external'] as const)('R52 a %s is never new', (kind) => {
    const licenses = [linked];
    expect(sight({ kind, createdAt: after, licenses })).toEqual(nobody);
    expect(sight({ kind, createdAt: before, licenses })).toEqual(nobody);
    const here = { isExplicit: true };
    expect(sight({ kind, createdAt: before, licenses, before: here })).toEqual(nobody);
  });

  it('R21 reads the type of a site whatever its letters', () => {
    const licenses = [{ offer: 'EE', siteType: ' LINKED SITE ' }];
    expect(sight({ createdAt: before, licenses })).toEqual(newlyLinked);
  });
});
