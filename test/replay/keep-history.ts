import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

export const historiesFolder = path.join(__dirname, 'histories');
/** How the SDK calls a process: process id and host. */
const identity = `${process.pid}@${hostname()}`;

/** Stores a history; no name of a machine, and no path on it, leaves it. */
export function keepHistory(file: string, history: Parameters<typeof historyToJSON>[0]): void {
  const json: unknown = JSON.parse(historyToJSON(history));
  writeFileSync(path.join(historiesFolder, file), `${JSON.stringify(json, scrubbed)}\n`);
}

function scrubbed(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return typeof value === 'string' ? value.replaceAll(identity, 'worker') : value;
}
