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
    ['R15 created after the first look is new', after, free, newUser],
    ['R15 created before it is left alone', before, free, nobody],
    ['R15 created when it began is left alone', baselineAt, free, nobody],
    ['R15 of unknown age is left alone', null, free, nobody],
    ['R15 holding nothing at all is new', after, [], newUser],
    ['R20 a license in addition to the free ones is explicit', after, [...free, calling], explicit],
    ['R20 a host license of an own site is explicit', after, [own], explicit],
    ['R20 free licenses are not', after, free, newUser],
    ['R20 a license of a linked site is not', after, [...free, linked], newUser],
    ['R20 nor one of a site of Site Administration', after, [administered], newUser],
    ['R20 one of each kind is', after, [linked, own], explicit],
    ['R21 all that is held is linked: as new', before, [...free, linked], newlyLinked],
    ['R21 on both kinds of site', null, [linked, administered], newlyLinked],
    ['R21 something else as well: was there before', before, [linked, calling], nobody],
    ['R21 nothing but free licenses is no link', before, free, nobody],
    ['R15 R21 created and linked since is new', after, [linked], newUser],
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
