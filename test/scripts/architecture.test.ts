import {
  importsBetween,
  layerOf,
  picture,
  roomOf,
  stepsOf,
  withoutImplied,
  withPicture,
} from '../../scripts/architecture/imports-picture';

const imports = [
  { from: 'src/domain/plan/planner.ts', to: 'src/domain/model/user.ts' },
  { from: 'src/domain/plan/planner.ts', to: 'src/domain/plan/scope.ts' },
  { from: 'src/domain/plan/planner.ts', to: 'src/domain/units/resolve.ts' },
  { from: 'src/domain/units/resolve.ts', to: 'src/domain/model/user.ts' },
  { from: 'src/db/connect.ts', to: 'src/domain/model/user.ts' },
  { from: 'src/api/plan/endpoints/plan.ts', to: 'src/db/connect.ts' },
  { from: 'src/api/plan/endpoints/plan.ts', to: 'src/domain/plan/planner.ts' },
  { from: 'src/api/plan/endpoints/plan.ts', to: 'src/logger.ts' },
];
const places = (of: Record<string, string[]>) =>
  new Map(Object.entries(of).map(([name, to]) => [name, new Set(to)]));

describe('the place of a file', () => {
  it.each([
    ['src/logger.ts', null, null],
    ['src/db/connect.ts', 'db', null],
    ['src/domain/plan/scope.ts', 'domain', 'domain/plan'],
    ['src/api/plan/endpoints/plan.ts', 'api', 'api/plan'],
    ['test/docs/links.test.ts', null, null],
  ])('of %s is %s, %s', (file, layer, room) => {
    expect([layerOf(file), roomOf(file)]).toEqual([layer, room]);
  });
});

describe('the picture of imports', () => {
  it('lifts imports between files to layers, without a layer’s own', () => {
    expect(importsBetween(imports, layerOf)).toEqual(
      places({ domain: [], db: ['domain'], api: ['db', 'domain'] }),
    );
  });

  it('puts a place above everything that it imports', () => {
    expect(stepsOf(places({ c: ['a', 'b'], b: [], a: [], d: ['c'] }))).toEqual([
      ['a', 'b'],
      ['c'],
      ['d'],
    ]);
  });

  it('refuses a circle, by name', () => {
    expect(() => stepsOf(places({ a: ['b'], b: ['a'], c: [] }))).toThrow(/circle: a, b$/);
  });

  it('leaves out what other arrows imply', () => {
    expect(withoutImplied(places({ a: ['b', 'c', 'd'], b: ['c'], c: [], d: [] }))).toEqual([
      ['a', 'b'],
      ['a', 'd'],
      ['b', 'c'],
    ]);
  });

  it('draws layers as a graph, and layers with rooms as rows', () => {
    const lines = picture(imports).split('\n');
    expect(lines).toContain('  api --> db');
    expect(lines).not.toContain('  api --> domain');
    expect(lines).toContain('| `domain` | `model` → `units` → `plan` |');
    expect(lines.filter((line) => line.startsWith('| `db`'))).toEqual([]);
  });

  it('stands between the marks of the page, and nothing else changes', () => {
    const page = 'a\n<!-- imports: begin -->\nold\n<!-- imports: end -->\nb';
    expect(withPicture(page, 'new')).toBe(
      'a\n<!-- imports: begin -->\n\nnew\n\n<!-- imports: end -->\nb',
    );
    expect(() => withPicture('a', 'new')).toThrow(/needs the marks/);
  });
});
