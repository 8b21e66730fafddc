import type { Bench } from '../figure';
import { digits } from '../numbers';
import { planTables, tableSizes, totalBytes } from '../world/table-sizes';
import { bytesAsText } from '../world/text-tables';
import type { LargeOrganization } from './large-organization';
import { bytesPerUser, sizesInWords } from './bytes-per-user';
import type { Found, ScaleStep } from './step';

/** For 1,000,000 users: a quick run shows only that it measures. */
const goals = { seconds: 45, bytes: 250 };

export const planning: ScaleStep = {
  letter: 'p',
  about: 'a plan, half of whose users change',
  seconds: 780,
  wanted: (users) => [
    { figure: `planning ${users} users, seconds beyond the reads`, goal: `≤ ${goals.seconds}` },
    { figure: 'plan, bytes per user with indexes', goal: `≤ ${goals.bytes}` },
  ],
  run: plan,
};

async function plan(bench: Bench, organization: LargeOrganization, found: Found): Promise<void> {
  const { users, world } = organization;
  const { readSeconds, planSeconds } = await organization.planned();
  bench.say(`planned in ${digits(planSeconds, 1)} s`);
  found({
    measured: digits(planSeconds, 1),
    peer: `the reads: ${digits(readSeconds, 1)}`,
    ratio: digits(planSeconds / readSeconds, 2),
    isMet: planSeconds <= goals.seconds,
  });
  const sizes = await tableSizes(world.db, planTables);
  bench.note(`The plan: ${sizesInWords(sizes)}.`);
  const asText = await bytesAsText(world.db, 'rollout_user');
  found(bytesPerUser(totalBytes(sizes) / users, asText, goals.bytes));
}
