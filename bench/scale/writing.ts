import type { Bench } from '../figure';
import { digits, mebibyte, mebibytes, median, percentile } from '../numbers';
import { download } from '../world/download';
import { usersPerSecond } from '../world/call-rate';
import { firstWrite } from '../world/first-write';
import { measureLatencies, type Latencies } from '../world/latency';
import type { ApiProcess } from '../world/api-process';
import type { MeasuredProcess } from '../world/measured-process';
import { heapLimits, limitOf, type LargeOrganization, type Planned } from './large-organization';
import type { Found, ScaleStep } from './step';

type Result = Parameters<Found>[0];

const goalMs = 50;
const windowMs = { full: 40_000, quick: 10_000 };
const everyMs = 50;
/** As fast as the machine can: the pace never limits. */
const unpaced = 1_000;
const asked = ['GET rollouts/{id}', 'GET …/progress'] as const;
const paces = [
  { about: 'at 50/s', writesPerSecond: 50 },
  { about: 'unpaced', writesPerSecond: unpaced },
] as const;

const runsThrough = 'it runs through';

export const writing: ScaleStep = {
  letter: 'w',
  about: 'writes, and the API meanwhile',
  seconds: 780,
  wanted: (users) => [
    ...paces.flatMap(({ about }) =>
      asked.map((name) => ({
        figure: `${name}, p99 while ${users} users are written ${about}`,
        goal: `< ${goalMs} ms`,
      })),
    ),
    { figure: `worker with a heap of ${heapLimits.worker} MiB, ${users} users`, goal: runsThrough },
    { figure: `API with a heap of ${heapLimits.api} MiB, ${users} users`, goal: runsThrough },
  ],
  run: write,
};

async function write(bench: Bench, organization: LargeOrganization, found: Found): Promise<void> {
  const planned = await organization.planned();
  const api = await organization.world.startApi({ NODE_OPTIONS: limitOf(heapLimits.api) });
  const measures = measure(bench, organization, { planned, api, found });
  await Promise.race([measures, api.failed]);
}

interface Writing {
  planned: Planned;
  api: ApiProcess;
  found: Found;
}

async function measure(
  bench: Bench,
  organization: LargeOrganization,
  { planned, api, found }: Writing,
): Promise<void> {
  const { rollouts, webex } = organization.world;
  const ask = () => askMeanwhile(bench, organization, planned, api);
  bench.say('the API before the start');
  const idle = await ask();
  bench.say('the wave is read again');
  await rollouts.start(await rollouts.get(planned.rolloutId));
  await firstWrite(bench, organization.world);
  for (const { about, writesPerSecond } of paces) {
    bench.say(`writing ${about}`);
    await rollouts.act(planned.rolloutId, 'set-pace', { writesPerSecond });
    const before = (await webex.writes()).at(-1)?.seq ?? 0;
    const busy = await ask();
    const rate = digits(usersPerSecond(await webex.writes(before)), 0);
    bench.note(
      `While the latencies ${about} were measured, ${rate} users per second were written.`,
    );
    for (const name of asked) found(latencyFigure(busy.get(name), idle.get(name)));
  }
  await readEverything(bench, organization, planned, api);
  found(await memoryFigure(await organization.worker(), heapLimits.worker));
  found(await memoryFigure(api, heapLimits.api));
}

async function askMeanwhile(
  { signal, isQuick }: Bench,
  { world }: LargeOrganization,
  { orgId, rolloutId }: Planned,
  { url }: ApiProcess,
): Promise<Latencies> {
  const at = `${url}/v1/organizations/${orgId}/rollouts/${rolloutId}`;
  const urls = new Map<string, string>([
    [asked[0], at],
    [asked[1], `${at}/progress`],
  ]);
  const forMs = isQuick ? windowMs.quick : windowMs.full;
  return await measureLatencies({ urls, token: world.token, signal, forMs, everyMs });
}

/** Lists, progress, users and both CSV files from the API, while the worker writes. */
async function readEverything(
  { say, signal }: Bench,
  { world }: LargeOrganization,
  { orgId, rolloutId }: Planned,
  { url }: ApiProcess,
): Promise<void> {
  const at = `${url}/v1/organizations/${orgId}`;
  const access = { token: world.token, signal };
  const lists = [
    'rollouts',
    'users?limit=1000',
    'licenses',
    'groups',
    `rollouts/${rolloutId}/plan`,
  ];
  for (const list of lists) await download(`${at}/${list}`, access);
  await download(`${at}/rollouts/${rolloutId}/users?limit=1000`, access);
  for (const file of ['users.csv', `rollouts/${rolloutId}/report.csv`]) {
    const { seconds, bytes } = await download(`${at}/${file}`, access);
    const name = file.split('/').at(-1) ?? file;
    say(`${name}: ${digits(bytes / mebibyte, 0)} MiB in ${digits(seconds, 1)} s`);
  }
}

function latencyFigure(busy: readonly number[] = [], idle: readonly number[] = []): Result {
  const [p99, p99Before] = [percentile(busy, 0.99), percentile(idle, 0.99)];
  return {
    measured: `${digits(p99, 0)} ms (p50 ${digits(median(busy), 0)})`,
    peer: `before the start: ${digits(p99Before, 0)} ms (p50 ${digits(median(idle), 0)})`,
    ratio: digits(p99 / p99Before, 2),
    isMet: p99 < goalMs,
  };
}

/** Stops the process, which tells its peaks then. That it gets here is the goal. */
async function memoryFigure(process: MeasuredProcess, limit: number): Promise<Result> {
  await process.stop();
  const { resident, heap, live } = process.peakMemory();
  return {
    measured: `resident ${mebibytes(resident)}, heap ${mebibytes(heap)}`,
    peer: `live after a collection: ${mebibytes(live)}`,
    ratio: digits(live / (limit * mebibyte), 2),
    isMet: true,
  };
}
