import fc from 'fast-check';
import { desiredFor, type DesiredEntry } from '../../../src/domain/templates/compose-templates';
import type { CompositionMode, Template } from '../../../src/domain/model/template';
import { aTemplate, siteA, siteB } from '../builders';

const hostA = `EE@${siteA}`;
const attendeeA = `EE@${siteA}:attendee`;

function label({ kind, offer, site }: DesiredEntry): string {
  if (kind === 'attendee') return `attendee@${site}`;
  return site === null ? offer : `${offer}@${site}`;
}

function desired(templates: Template[], groupIds: string[] = [], mode: CompositionMode = 'union') {
  return desiredFor({ groupIds, templates, mode });
}

function labels(...args: Parameters<typeof desired>): string[] {
  return desired(...args).entries.map(label);
}

const organization = aTemplate(['FTC']);
const sales = aTemplate(['RTT', hostA], { group: 'sales' });
const it2 = aTemplate(['RTT', `EE@${siteB}`], { group: 'it' });

describe('what templates grant together', () => {
  it.each<[string, CompositionMode, string[], string[]]>([
    ['R5 is the union of organization and groups', 'union', ['sales'], [hostA, 'FTC', 'RTT']],
    ['R5 is what the organization template grants without a group', 'union', [], ['FTC']],
    [
      'R7 is the union of several groups, without duplicates (R8)',
      'union',
      ['sales', 'it'],
      [hostA, `EE@${siteB}`, 'FTC', 'RTT'],
    ],
    [
      'R6 comes only from group templates for members of a group with a template',
      'group-overrides-organization',
      ['sales'],
      [hostA, 'RTT'],
    ],
    [
      'R6 comes from the organization template for all other users',
      'group-overrides-organization',
      ['other'],
      ['FTC'],
    ],
    ['R10 does not depend on groups without a template', 'union', ['other'], ['FTC']],
  ])('%s', (_, mode, groups, expected) => {
    expect(labels([organization, sales, it2], groups, mode)).toEqual(expected);
  });

  it('R2 comes from the side that has templates in exclusive mode', () => {
    expect(labels([organization], ['sales'], 'exclusive')).toEqual(['FTC']);
    expect(labels([sales], ['sales'], 'exclusive')).toEqual([hostA, 'RTT']);
  });

  it('R7 names every template behind an entry', () => {
    const { entries } = desired([sales, it2], ['sales', 'it']);
    const rtt = entries.find(({ offer }) => offer === 'RTT');
    expect(rtt?.templates.map(({ templateId }) => templateId)).toEqual(['of-it', 'of-sales']);
  });

  it('R35 host beats attendee on one site, and R36 remembers that attendee was granted', () => {
    const templates = [aTemplate([attendeeA]), aTemplate([hostA], { group: 'sales' })];
    expect(desired(templates, ['sales']).entries).toEqual([
      expect.objectContaining({ kind: 'license', site: siteA, attendeeFallback: true }),
    ]);
  });

  it('R9 can be attendee on one site and host on another', () => {
    expect(labels([aTemplate([attendeeA, `EE@${siteB}`])])).toEqual([
      `EE@${siteB}`,
      `attendee@${siteA}`,
    ]);
  });

  it('R41 Premium beats Standard', () => {
    const templates = [aTemplate(['CJPSTD']), aTemplate(['CJPPRM'], { group: 'sales' })];
    expect(labels(templates, ['sales'])).toEqual(['CJPPRM']);
  });

  it.each([
    ['R53 includes FMS with MS, and R56 FTM with messaging', ['MS'], ['FMS', 'FTM', 'MS']],
    ['R56 includes FTM with FMS', ['FMS'], ['FMS', 'FTM']],
    ['R57 leaves out FSS', ['FSS'], []],
    ['R24 is empty without a template', [], []],
  ])('%s', (_, grants, expected) => {
    expect(labels([aTemplate(grants)])).toEqual(expected);
  });

  it('R53 says what needs it', () => {
    const [fms] = desired([aTemplate(['MS'])]).entries;
    expect(fms).toMatchObject({ offer: 'FMS', requiredBy: 'Advanced Messaging', rule: 'R53' });
  });

  it('does not depend on the order of templates and groups', () => {
    const grants = fc.subarray(['FMS', 'MS', 'CJPSTD', 'CJPPRM', hostA, attendeeA, 'RTT']);
    fc.assert(
      fc.property(grants, grants, grants, (a, b, c) => {
        const templates = [
          aTemplate(a),
          aTemplate(b, { group: 'g' }),
          aTemplate(c, { group: 'h' }),
        ];
        expect(desired([...templates].reverse(), ['h', 'g'])).toEqual(
          desired(templates, ['g', 'h']),
        );
      }),
    );
  });
});
