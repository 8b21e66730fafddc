import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import { inWorld } from '../world/start-world';
import { largeOrganization, type LargeOrganization } from './large-organization';
import { planning } from './planning';
import { reading } from './reading';
import { notMeasured, type Found, type ScaleStep } from './step';
import { startCounting, type TimeLeft } from './time-left';
import { writing } from './writing';

/** In this order, on one organization: each builds on what the ones before have left. */
export const scaleSteps: readonly ScaleStep[] = [reading, planning, writing];

/** With a minute to start and to stop everything, the run takes at most 25. */
const runSeconds = 24 * 60;
/** The mirror, a plan, their indexes, the write-ahead log and the histories, with a margin. */
const bytesPerUser = 20_000;

/** Measures the chosen steps on one organization. A step that fails says why, and the others go on. */
export async function measureScale(bench: Bench, letters: readonly string[]): Promise<Figure[]> {
  const users = bench.isQuick ? 50_000 : 1_000_000;
  const steps = scaleSteps.filter(({ letter }) => letters.includes(letter));
  const lacking = await lackOfSpace(users);
  if (lacking !== null)
    return steps.flatMap(({ wanted }) => notMeasured(wanted(digits(users, 0)), lacking));
  const time = startCounting(runSeconds);
  bench.say(`a simulated organization of ${digits(users, 0)} users`);
  return await inWorld(bench, { users, writesPerSecond: 50 }, async (world) => {
    const organization = largeOrganization(bench, world, users);
    const figures: Figure[] = [];
    // What a step that isn't chosen would have prepared, the next one has to do in its time.
    let seconds = 0;
    for (const step of scaleSteps) {
      seconds += step.seconds;
      if (!steps.includes(step)) continue;
      bench.say(step.about);
      figures.push(...(await attempt(bench, { step, seconds, organization, time })));
      seconds = 0;
    }
    return figures;
  });
}

async function attempt(
  bench: Bench,
  of: { step: ScaleStep; seconds: number; organization: LargeOrganization; time: TimeLeft },
): Promise<Figure[]> {
  const { step, seconds, organization, time } = of;
  const left = step.wanted(digits(organization.users, 0));
  const figures: Figure[] = [];
  const found: Found = (result) => {
    const line = left.shift();
    if (line) figures.push({ ...line, ...result });
  };
  try {
    await time.within(seconds, () =>
      Promise.race([step.run(bench, organization, found), organization.failed]),
    );
  } catch (error) {
    if (bench.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    bench.say(`not finished: ${why}`);
    return [...figures, ...notMeasured(left.splice(0), why)];
  }
  return figures;
}

async function lackOfSpace(users: number): Promise<string | null> {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = bavail * bsize;
  if (free >= users * bytesPerUser) return null;
  const gigabytes = (bytes: number) => `${digits(bytes / 1e9, 0)} GB`;
  return `it needs ${gigabytes(users * bytesPerUser)} in ${tmpdir()}, and ${gigabytes(free)} are free.`;
}
