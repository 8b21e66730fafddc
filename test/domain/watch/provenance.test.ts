import { provenanceOf } from '../../../src/domain/watch/provenance';
import type { Provenance } from '../../../src/domain/model/user';
import { licenseId, siteA } from '../builders';

const ours: Provenance = { kind: 'template', templateId: 't', revision: 2 };

interface Row {
  rule: string;
  license: string;
  first?: boolean;
  isNew?: boolean;
  given?: Provenance;
  kind: Provenance['kind'];
}

describe('where a license comes from', () => {
  it.each<Row>([
    { rule: 'R31a given by a template', license: 'MS', given: ours, kind: 'template' },
    {
      rule: 'R31a given by a template after it had been seen at first sight',
      license: 'MS',
      first: true,
      given: ours,
      kind: 'template',
    },
    { rule: 'R31a held before we looked', license: 'MS', first: true, kind: 'unknown' },
    { rule: 'R31a free, and held before we looked', license: 'FMS', first: true, kind: 'unknown' },
    { rule: 'R31a came later, and not from us', license: 'MS', kind: 'manual' },
    { rule: 'R31a given by a file', license: 'MS', given: { kind: 'manual' }, kind: 'manual' },
    {
      rule: 'R20 a new user came with it',
      license: 'MS',
      first: true,
      isNew: true,
      kind: 'explicit',
    },
    {
      rule: 'R22 a new user has it anyway',
      license: 'FTC',
      first: true,
      isNew: true,
      kind: 'implicit',
    },
    {
      rule: 'R57 FSS comes with a new user',
      license: 'FSS',
      first: true,
      isNew: true,
      kind: 'implicit',
    },
    { rule: 'R31a a new user got it since, by hand', license: 'MS', isNew: true, kind: 'manual' },
  ])('$rule: $kind', ({ license, first = false, isNew = false, given, kind }) => {
    const id = licenseId(license);
    const origins = provenanceOf({
      holdings: { licenses: [id], attendeeSites: null },
      given: given ? { [id]: given } : {},
      firstLicenses: first ? [id] : [],
      isNew,
    });
    expect(origins).toEqual({ [id]: given ?? { kind } });
  });

  it('R31a knows an attendee account only where it gave it', () => {
    const facts = { firstLicenses: [], isNew: true };
    const holdings = { licenses: [], attendeeSites: [siteA] };
    const key = `attendee:${siteA}`;
    expect(provenanceOf({ ...facts, holdings, given: {} })).toEqual({ [key]: { kind: 'unknown' } });
    const given = { [key]: ours };
    expect(provenanceOf({ ...facts, holdings, given })).toEqual(given);
  });

  it('R31a says nothing about what is not held any more', () => {
    const holdings = { licenses: [], attendeeSites: [] };
    const given = { [licenseId('MS')]: ours };
    expect(provenanceOf({ holdings, given, firstLicenses: [], isNew: false })).toEqual({});
  });
});
