import path from 'node:path';
import { freePort } from '../../src/embedded/free-port';
import type { SettingsInput } from '../../src/simulator/state/settings';
import { answers, startProcess } from './start-process';

/** One writing call as the simulator logged it. */
export interface LoggedCall {
  seq: number;
  /** ISO 8601. */
  arrivedAt: string;
  completedAt: string;
  token: string;
  personId: string | null;
  statusTold: number | null;
}

export interface CallCounts {
  reads: number;
  writes: number;
  byOperation: Record<string, Record<string, number>>;
}

/** A simulated Webex in its own process. Its log and counters are the source of all figures about calls. */
export interface SimulatedWebex {
  url: string;
  token: string;
  set: (settings: SettingsInput) => Promise<void>;
  /** A change of many people by somebody else; returns how many it changed. */
  changePeople: (change: {
    every: number;
    addLicenses: string[];
    immediate: boolean;
  }) => Promise<number>;
  resetCounts: () => Promise<void>;
  counts: () => Promise<CallCounts>;
  /** Writes after `since`, in order of completion. */
  writes: (since?: number) => Promise<LoggedCall[]>;
  stop: () => Promise<void>;
}

export async function startSimulatedWebex(options: {
  folder: string;
  name: string;
  users: number;
}): Promise<SimulatedWebex> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = 'bench-administrator';
  const started = await startProcess({
    entry: 'src/bin/simulator.ts',
    args: [
      '--port',
      String(port),
      '--users',
      String(options.users),
      '--seed',
      '7',
      '--token',
      token,
    ],
    logFile: path.join(options.folder, `${options.name}.log`),
    probe: () => answers(`${url}/_simulator/`),
  });
  const control = async (method: string, at: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${url}/_simulator/${at}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Simulator, ${method} ${at}: ${response.status} ${text}`);
    return text;
  };
  return {
    url,
    token,
    set: async (settings) => {
      await control('PUT', 'settings', settings);
    },
    changePeople: async (change) => {
      const text = await control('PATCH', 'people', change);
      return (JSON.parse(text) as { changed: number }).changed;
    },
    resetCounts: async () => {
      await control('DELETE', 'counters');
    },
    counts: async () => JSON.parse(await control('GET', 'counters')) as CallCounts,
    writes: async (since = 0) => {
      const lines = await control('GET', `writes?format=ndjson&since=${since}`);
      const calls = lines.split('\n').filter(Boolean);
      return calls.map((line) => JSON.parse(line) as LoggedCall);
    },
    stop: started.stop,
  };
}
