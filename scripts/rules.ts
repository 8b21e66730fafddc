/**
 * `npm run rules`: writes docs/generated/rule-coverage.md, which lists for each rule of docs/rules.md
 * the tests that prove it, read from the tests' names. Fails where a rule has no test or a test names
 * no rule of the page. With `--check` it writes nothing, and also fails if the page is not current.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { coverageFaults, coveragePage, type Proof } from './rules/coverage-page';
import { rulesOf } from './rules/rules-page';
import { testNamesOf } from './rules/test-names';
import { runPage } from './run-page';

const root = path.resolve(__dirname, '..');

/** The tests of this very script name rules only as examples, so they prove nothing. */
function readProofs(): Proof[] {
  const folder = path.join(root, 'test');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('scripts/'))
    .sort()
    .flatMap((file) => {
      const names = testNamesOf(readFileSync(path.join(folder, file), 'utf8'));
      return names.map((name) => ({ file, ...name }));
    })
    .filter(({ rules }) => rules.length > 0);
}

void runPage({
  file: path.join(root, 'docs', 'generated', 'rule-coverage.md'),
  command: 'npm run rules',
  make: () => {
    const rules = rulesOf(readFileSync(path.join(root, 'docs', 'rules.md'), 'utf8'));
    const proofs = readProofs();
    process.stdout.write(`${rules.length} rules, ${proofs.length} tests that name them\n`);
    const text = coveragePage(rules, proofs);
    return Promise.resolve({ text, faults: coverageFaults(rules, proofs) });
  },
});
