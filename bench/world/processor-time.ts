import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of a world are called, by a part of their command line. The first that fits. */
const names: readonly (readonly [RegExp, string])[] = [
  [/bench-worker|bin\/worker|naive-worker/, 'worker'],
  [/bench-api/, 'API'],
  [/simulator\.ts/, 'simulator'],
  [/start-dev/, 'Temporal'],
  [/postgres/, 'PostgreSQL'],
];

interface Process {
  parent: number;
  seconds: number;
}

/** `/proc/…/stat` counts in hundredths of a second on every Linux. */
const ticksPerSecond = 100;

/** Parent and processor time, children that have ended included, from a line of `/proc/…/stat`. */
export function readStat(line: string): Process {
  // The name of the command, in parentheses, may hold anything.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [user, system, userOfEnded, systemOfEnded] = fields.slice(11, 15).map(Number);
  const ticks = (user ?? 0) + (system ?? 0) + (userOfEnded ?? 0) + (systemOfEnded ?? 0);
  return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
}

/** Seconds of processor time that the processes of this world have used so far; empty except on Linux. */
export function processorTimes(): Map<string, number> {
  const times = new Map<string, number>();
  const processes = listProcesses();
  for (const [pid, { seconds }] of processes) {
    if (!isOurs(pid, processes)) continue;
    const name = names.find(([pattern]) => pattern.test(commandOf(pid)))?.[1];
    if (name !== undefined) times.set(name, (times.get(name) ?? 0) + seconds);
  }
  return times;
}

function listProcesses(): Map<number, Process> {
  const processes = new Map<number, Process>();
  try {
    for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = readText(`/proc/${entry}/stat`);
      if (line !== '') processes.set(Number(entry), readStat(line));
    }
  } catch {
    // No /proc: another system.
  }
  return processes;
}

/** A process may end while it is looked at. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function commandOf(pid: number): string {
  const words = readText(`/proc/${pid}/cmdline`).split('\0');
  // A guard names what it starts; its own time is nothing.
  return words[0] === '/bin/sh' ? '' : words.join(' ');
}

function isOurs(pid: number, processes: ReadonlyMap<number, Process>): boolean {
  for (let at = pid; at > 1;) {
    const parent = processes.get(at)?.parent ?? 0;
    if (parent === process.pid) return true;
    at = parent;
  }
  return false;
}

/** Does the work and says what it cost: `worker 3 s, PostgreSQL 9 s`. */
export async function withProcessorTime<T>(
  say: (costs: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const before = processorTimes();
  const result = await work();
  const costs = [...processorTimes()]
    .map(([name, seconds]) => [name, Math.round(seconds - (before.get(name) ?? 0))] as const)
    .filter(([, seconds]) => seconds >= 1)
    .map(([name, seconds]) => `${name} ${seconds} s`);
  if (costs.length > 0) say(costs.join(', '));
  return result;
}
