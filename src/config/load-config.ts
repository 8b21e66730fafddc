import { existsSync } from 'node:fs';
import { parseConfig, type Config } from './config';

/** The configuration of this process: its environment, then `.env` for what is not set there. */
export function loadConfig(envFile = '.env'): Config {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return parseConfig(process.env);
}

/** Whether standard output is coloured: on a terminal, unless NO_COLOR is set (no-color.org). */
export function isColourful(isTerminal: boolean, env = process.env): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '';
}
