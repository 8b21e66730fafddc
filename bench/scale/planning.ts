import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import { planTables, tableSizes, totalBytes } from '../world/table-sizes';
import { bytesAsText } from '../world/text-tables';
import type { LargeOrganization } from './large-organization';
import type { ScaleStep } from './step';

/** Seconds, at 1,000,000 users; a smaller organization has as much less. */
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

async function plan(bench: Bench, organization: LargeOrganization): Promise<Figure[]> {
  const { users, world } = organization;
  const { readSeconds, planSeconds } = await organization.planned();
  bench.say(`planned in ${digits(planSeconds, 1)} s`);
  const sizes = await tableSizes(world.db, planTables);
  const perUser = totalBytes(sizes) / users;
  const asText = await bytesAsText(world.db, 'rollout_user');
  const told = sizes.map(({ table, bytes }) => `${table} ${digits(bytes / 1e6, 1)} MB`);
  bench.note(`The plan: ${told.join(', ')}.`);
  const [time, size] = planning.wanted(digits(users, 0));
  if (!time || !size) throw new Error('There are two figures.');
  return [
    {
      ...time,
      measured: digits(planSeconds, 1),
      peer: `the reads: ${digits(readSeconds, 1)}`,
      ratio: digits(planSeconds / readSeconds, 2),
      isMet: planSeconds <= goals.seconds,
    },
    {
      ...size,
      measured: digits(perUser, 0),
      peer: `ids written out: ${digits(asText, 0)}`,
      ratio: digits(perUser / asText, 2),
      isMet: perUser <= goals.bytes,
    },
  ];
}
