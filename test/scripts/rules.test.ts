import { coverageFaults, coveragePage } from '../../scripts/rules/coverage-page';
import { rulesOf } from '../../scripts/rules/rules-page';
import { rulesIn, testNamesOf } from '../../scripts/rules/test-names';

describe('the names of the tests in a file', () => {
  it.each([
    ['a test in its units', `describe('a', () => { it('b', () => {}); });`, ['a › b']],
    [
      'a table of texts',
      `it.each(['x', 'y'])('R7 does %s', () => {});`,
      ['R7 does x', 'R7 does y'],
    ],
    [
      'a table of rows',
      `it.each([['a', 1, { b: null }], ['c', -2, true]])('%j is %i, %s', () => {});`,
      ['"a" is 1, { b: null }', '"c" is -2, true'],
    ],
    [
      'a table whose rows name rules',
      `it.each([['R7 one', 'R8'], ['R9, R10 two', 'R11']])('%s', () => {});`,
      ['R7 one', 'R9, R10 two'],
    ],
    [
      'a table that stands elsewhere',
      `const rows = [{ name: 'R7 one' }] as const; it.each<Row>(rows)('$name', () => {});`,
      ['R7 one'],
    ],
    ['a row with a name in it', `it.each([aRow('R7 one')])('%s', () => {});`, ['R7 one']],
    [
      'a table that only a run knows',
      `describe('a', () => { it.each([aRow()])('R7 does %s', () => {}); });`,
      ['a'],
    ],
    ['a name with values in it', 'it(`R7 of ${x} users`, () => {});', ['R7 of … users']],
    ['a name of several lines', `it.each(['x'])(\n'R7 %s', () => {});`, ['R7 x']],
    ['a per cent sign', `it.each([[5]])('R7 of %d %%', () => {});`, ['R7 of 5 %']],
  ])('reads %s', (_, source, names) => {
    expect(testNamesOf(source).map(({ name }) => name)).toEqual(names);
  });

  it('keeps the rules of a title that it can not fill', () => {
    const source = `describe('a', () => { it.each(rows())('R7 does %s', () => {}); });`;
    expect(testNamesOf(source)).toEqual([{ name: 'a', rules: ['R7'] }]);
  });

  it('finds every rule once', () => {
    expect(rulesIn('R16a R7 a thing (R7)')).toEqual(['R16a', 'R7']);
  });
});

describe('the page of rules', () => {
  it('holds rules with their themes and sources', () => {
    const page = [
      '## One',
      '- **R7** One. [H1]',
      '- **R9** No source.',
      '## Two',
      '- **R8** (not yet enforced) Two. [H1+, OURS]',
    ].join('\n');
    expect(rulesOf(page)).toEqual([
      { number: 'R7', theme: 'One', isEnforced: true },
      { number: 'R8', theme: 'Two', isEnforced: false },
    ]);
  });
});

describe('the page of what proves the rules', () => {
  const rules = [
    { number: 'R7', theme: 'One', isEnforced: true },
    { number: 'R8', theme: 'One', isEnforced: false },
    { number: 'R9', theme: 'Two', isEnforced: false },
  ];
  const proof = { file: 'x.test.ts', name: 'a › b_c', rules: ['R7'] };

  it('lists the tests of each enforced rule, by file and once', () => {
    const lines = coveragePage(rules, [proof, proof, { ...proof, name: 'd' }]).split('\n');
    expect(lines.slice(lines.indexOf('## One'))).toEqual([
      '## One',
      '',
      '### R7',
      '',
      '- [x.test.ts](../../test/x.test.ts)',
      '  - a › b\\_c',
      '  - d',
    ]);
  });

  it.each([
    ['nothing where each rule is as the page has it', [proof], []],
    ['a rule without a test', [], [/^No test proves R7$/]],
    ['a mark that is out of date', [proof, { ...proof, rules: ['R8'] }], [/^A test proves R8/]],
    ['a rule that is not there', [proof, { ...proof, rules: ['R99'] }], [/no R99 \(x\.test\.ts/]],
  ])('is faulted for %s', (_, proofs, faults) => {
    expect(coverageFaults(rules, proofs)).toEqual(
      faults.map((fault) => expect.stringMatching(fault) as string),
    );
  });
});
