import { existsSync } from 'node:fs';
import { parseConfig, type Config } from './config';

/** The configuration of this process: the environment, and `.env` for what it doesn't say. */
export function loadConfig(envFile = '.env'): Config {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return parseConfig(process.env);
}

/** Whether the standard output may be coloured: a terminal may, unless NO_COLOR is set (no-color.org). */
export function isColourful(isTerminal: boolean, env = process.env): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '';
}
