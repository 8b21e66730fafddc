import { judgeFirstSight, type FirstLicense } from '../../../src/domain/watch/judge-first-sight';

const baselineAt = new Date('2026-05-01T12:00:00Z');
const before = new Date('2026-05-01T11:59:59Z');
const after = new Date('2026-05-01T12:00:01Z');
const free = ['FMS', 'FTM', 'FTC', 'FSS'].map((offer) => ({ offer, siteType: null }));
const own = { offer: 'EE', siteType: 'Control Hub managed site' };
const linked = { offer: 'EE', siteType: 'Linked site' };
const administered = { offer: 'CMR', siteType: 'Site Admin managed site' };
const calling = { offer: 'BCSTD', siteType: null };

const nobody = { isNew: false, isExplicit: false, cause: null };
const newUser = { isNew: true, isExplicit: false, cause: { kind: 'new-user' } };
const explicit = { ...newUser, isExplicit: true };
const newlyLinked = { isNew: true, isExplicit: false, cause: { kind: 'linked-user' } };

describe('first sight of a user', () => {
  it.each<[string, Date | null, FirstLicense[], object]>([
    ['R15 a user who was created after the first check is new', after, free, newUser],
    ['R15 a user who was created before it is not changed', before, free, nobody],
    ['R15 a user who was created when it began is not changed', baselineAt, free, nobody],
    ['R15 a user of unknown age is not changed', null, free, nobody],
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
    ['R21 a user with another license as well was there before', before, [linked, calling], nobody],
    ['R21 free licenses alone are no link', before, free, nobody],
    ['R15 R21 a user who was created and linked since is new', after, [linked], newUser],
  ])('%s', (_, createdAt, licenses, expected) => {
    expect(judgeFirstSight({ kind: 'person', createdAt, baselineAt, licenses })).toEqual(expected);
  });

  it.each(['bot', 'machine', 'external'] as const)('R52 a %s is never new', (kind) => {
    const licenses = [linked];
    expect(judgeFirstSight({ kind, createdAt: after, baselineAt, licenses })).toEqual(nobody);
    expect(judgeFirstSight({ kind, createdAt: before, baselineAt, licenses })).toEqual(nobody);
  });

  it('R21 reads the type of a site whatever its letters', () => {
    const licenses = [{ offer: 'EE', siteType: ' LINKED SITE ' }];
    const sight = judgeFirstSight({ kind: 'person', createdAt: before, baselineAt, licenses });
    expect(sight).toEqual(newlyLinked);
  });
});
