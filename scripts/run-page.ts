import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

export interface GeneratedPage {
  file: string;
  /** What writes the page: named when a check fails. */
  command: string;
  make: (file: string) => Promise<{ text: string; faults: string[] }>;
}

/** Writes a generated page, or with `--check` compares it. The exit code says if it is right. */
export async function runPage({ file, command, make }: GeneratedPage): Promise<void> {
  const { text, faults } = await make(file);
  const config = await resolveConfig(file);
  const current = await format(text, { ...config, parser: 'markdown' });
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === current;
  const isCheck = process.argv.includes('--check');
  if (!isCheck && !isCurrent) writeFileSync(file, current);
  const name = path.relative(path.resolve(__dirname, '..'), file);
  const all =
    isCheck && !isCurrent ? [...faults, `${name} is not current: run ${command}`] : faults;
  for (const fault of all) process.stderr.write(`${fault}\n`);
  process.exitCode = all.length > 0 ? 1 : 0;
}
