import { observeWorkflowId } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import type { Bench } from '../figure';
import { digits, percent } from '../numbers';
import type { PlainReads } from '../processes/plain-reads';
import { secondsOfActivity } from '../world/activity-time';
import { readPlainly } from '../world/plain-reads';
import { withProcessorTime } from '../world/processor-time';
import { databaseBytes, mirrorTables, tableSizes, totalBytes } from '../world/table-sizes';
import { bytesAsText } from '../world/text-tables';
import { bytesPerUser, megabytes, sizesInWords } from './bytes-per-user';
import { heapLimits, limitOf, type LargeOrganization } from './large-organization';
import type { Found, ScaleStep } from './step';

const goals = { empty: 1.5, again: 1.1, bytes: 600, growth: 0.01 };

/** Reading everybody into the mirror, twice, each time next to plain reads; and what the mirror occupies. */
export const reading: ScaleStep = {
  letter: 'r',
  about: 'reads into the mirror',
  seconds: 720,
  wanted: (users) => [
    { figure: `reading ${users} users into an empty mirror`, goal: `≤ ${goals.empty} ×` },
    { figure: `reading ${users} users again, unchanged`, goal: `≤ ${goals.again} ×` },
    { figure: 'mirror, bytes per user with indexes', goal: `≤ ${goals.bytes}` },
    { figure: 'growth of the database by an unchanged check', goal: `< ${percent(goals.growth)}` },
  ],
  run: read,
};

async function read(bench: Bench, organization: LargeOrganization, found: Found): Promise<void> {
  const { users, world } = organization;
  await organization.halfGranted();
  const plainFirst = await plainReads(bench, organization);
  const seconds = await organization.firstRead();
  bench.say(`the first read: ${digits(seconds, 1)} s`);
  found(besidePlain(seconds, plainFirst, goals.empty));
  const plainAgain = await plainReads(bench, organization);
  const bytesBefore = await databaseBytes(world.db);
  const again = await withProcessorTime(
    (costs) => bench.say(`processor time of the second read: ${costs}`),
    () => readAgain(organization),
  );
  bench.say(`the second read: ${digits(again, 1)} s`);
  found(besidePlain(again, plainAgain, goals.again));
  const grown = (await databaseBytes(world.db)) - bytesBefore;
  const sizes = await tableSizes(world.db, mirrorTables);
  bench.note(`The mirror: ${sizesInWords(sizes)}.`);
  found(
    bytesPerUser(
      totalBytes(sizes) / users,
      await bytesAsText(world.db, 'directory_user'),
      goals.bytes,
    ),
  );
  found({
    measured: megabytes(grown),
    peer: `before: ${megabytes(bytesBefore)}`,
    ratio: percent(grown / bytesBefore, 2),
    isMet: grown / bytesBefore < goals.growth,
  });
}

async function plainReads(bench: Bench, { world }: LargeOrganization): Promise<PlainReads> {
  const reads = await readPlainly(world, bench.signal, limitOf(heapLimits.worker));
  const own = digits(reads.cpuSeconds, 1);
  bench.say(
    `the plain reads: ${digits(reads.seconds, 1)} s, ${own} s of them processor of the client`,
  );
  return reads;
}

async function readAgain({ world }: LargeOrganization): Promise<number> {
  const { client, rollouts } = world;
  await rollouts.observe();
  const workflowId = observeWorkflowId(organizationUuid(await rollouts.orgId()));
  await client.workflow.getHandle(workflowId).result();
  return await secondsOfActivity(client, workflowId, 'observe');
}

function besidePlain(seconds: number, plain: PlainReads, goal: number) {
  return {
    measured: `${digits(seconds, 1)} s`,
    peer: `the plain reads: ${digits(plain.seconds, 1)} s`,
    ratio: digits(seconds / plain.seconds, 2),
    isMet: seconds / plain.seconds <= goal,
  };
}
