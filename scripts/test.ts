/** `npm test`: installs every server that the tests need, then runs jest. */
import { spawn } from 'node:child_process';
import { loadConfig } from '../src/config/load-config';
import { findTemporal } from '../src/embedded/find-temporal';
import { findTestServer } from '../src/embedded/find-test-server';
import { findPostgres } from '../src/embedded/find-postgres';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { temporal } = loadConfig();
  await findTemporal({ configured: temporal.cliPath, onProgress: say });
  await findTestServer({ configured: temporal.testServerPath, onProgress: say });
  findPostgres();
  const jest = spawn(
    process.execPath,
    [require.resolve('jest/bin/jest'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  // The terminal sends Ctrl-C to jest as well; this process only waits for its end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return await new Promise((resolve, reject) => {
    jest.on('error', reject);
    jest.on('exit', (code) => resolve(code ?? 1));
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
