import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({ apiToken: z.string(), simulatorToken: z.string() });
export type Secrets = z.output<typeof schema> & { file: string; isNew: boolean };

/**
 * The tokens of a local installation: generated once and stored in a file that only its owner can read.
 * Production stores only hashes, but local mode must be able to show the token again after a restart.
 */
export function readSecrets(folder: string, mintToken: () => string): Secrets {
  const file = path.join(folder, 'tokens.json');
  if (existsSync(file)) {
    return { ...schema.parse(JSON.parse(readFileSync(file, 'utf8'))), file, isNew: false };
  }
  const made = { apiToken: mintToken(), simulatorToken: randomBytes(32).toString('base64url') };
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return { ...made, file, isNew: true };
}
