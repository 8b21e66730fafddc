/**
 * `npm run env-example`: writes `.env.example` from the variables of `src/config/variables.ts`. With
 * `--check` it writes nothing and fails if the file isn't current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { envExample } from './env-example/env-example';

const file = path.resolve(__dirname, '..', '.env.example');
const current = envExample();

if (!process.argv.includes('--check')) {
  writeFileSync(file, current);
} else if (readFileSync(file, 'utf8') !== current) {
  process.stderr.write('.env.example is not current: run npm run env-example\n');
  process.exitCode = 1;
}
