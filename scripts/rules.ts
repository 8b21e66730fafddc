/**
 * `npm run rules`: writes into docs/rules.md which tests prove which rule, read from the tests' names.
 * Fails where a rule has no test or a test names no rule of the page. With `--check` it writes nothing,
 * and fails where the page isn't current, too.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { rulesOf, withProofs, type Proof } from './rules/rules-page';
import { rulesIn, testNamesOf } from './rules/test-names';

const root = path.resolve(__dirname, '..');
const pageFile = path.join(root, 'docs', 'rules.md');

function readProofs(): Proof[] {
  const folder = path.join(root, 'test');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
    .flatMap((file) => {
      const names = testNamesOf(readFileSync(path.join(folder, file), 'utf8'));
      return names.map((name) => ({ file, name, rules: rulesIn(name) }));
    });
}

async function main(): Promise<string[]> {
  const page = readFileSync(pageFile, 'utf8');
  const rules = rulesOf(page);
  const proofs = readProofs();
  const config = await resolveConfig(pageFile);
  const current = await format(withProofs(page, proofs), { ...config, parser: 'markdown' });
  const isCheck = process.argv.includes('--check');
  if (!isCheck && current !== page) writeFileSync(pageFile, current);
  const proving = proofs.filter((proof) => proof.rules.length > 0);
  process.stdout.write(`${rules.length} rules, ${proving.length} tests that name them\n`);
  const unproven = rules.filter((rule) => !proving.some((proof) => proof.rules.includes(rule)));
  const unknown = proving.flatMap(({ file, name, rules: named }) =>
    named.filter((rule) => !rules.includes(rule)).map((rule) => `${rule} (${file}: ${name})`),
  );
  return [
    ...(unproven.length > 0 ? [`No test proves ${unproven.join(', ')}`] : []),
    ...unknown.map((where) => `A test names a rule that isn't there: ${where}`),
    ...(isCheck && current !== page ? ['docs/rules.md isn’t current: run npm run rules'] : []),
  ];
}

main().then(
  (faults) => {
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    process.exitCode = faults.length > 0 ? 1 : 0;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
