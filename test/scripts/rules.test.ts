import { rulesOf, withProofs } from '../../scripts/rules/rules-page';
import { rulesIn, testNamesOf } from '../../scripts/rules/test-names';

describe('the names of the tests in a file', () => {
  it.each([
    ['a test in its units', `describe('a', () => { it('b', () => {}); });`, ['a › b']],
    ['a table without rules', `it.each([['x']])('R7 does %s', () => {});`, ['R7 does %s']],
    [
      'a table whose rows name rules',
      `it.each([['R7 one', 'R8'], ['R9, R10 two', 'R11']])('%s', () => {});`,
      ['R7 one', 'R9, R10 two'],
    ],
    [
      'a table that stands elsewhere',
      `const rows = [{ name: 'R7 one' }]; it.each<Row>(rows)('$name', () => {});`,
      ['R7 one'],
    ],
    ['a name with values in it', 'it(`R7 of ${x} users`, () => {});', ['R7 of … users']],
    ['a name of several lines', `it.each(['x'])(\n'R7 %s', () => {});`, ['R7 %s']],
  ])('reads %s', (_, source, names) => {
    expect(testNamesOf(source)).toEqual(names);
  });

  it('finds every rule once', () => {
    expect(rulesIn('R16a R7 a thing (R7)')).toEqual(['R16a', 'R7']);
  });
});

describe('the page of rules', () => {
  const page = '# Rules\n\n- **R7** One. [H1]\n  - what was\n- **R8** Two. [H1+, OURS]\n';
  const proof = { file: 'x.test.ts', name: 'a › b_c', rules: ['R8'] };

  it('holds rules with their sources', () => {
    expect(rulesOf(`${page}- **R9** No source.\n`)).toEqual(['R7', 'R8']);
  });

  it('shows below each rule the tests that prove it now', () => {
    const lines = withProofs(page, [proof, proof]).split('\n');
    expect(lines.slice(2)).toEqual([
      '- **R7** One. [H1]',
      '- **R8** Two. [H1+, OURS]',
      '  - [x.test.ts](../test/x.test.ts) › a › b\\_c',
      '',
    ]);
  });
});
