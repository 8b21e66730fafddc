import type { Bench, Figure } from '../figure';
import { digits, median } from '../numbers';
import { download, downloadPages } from '../world/download';
import { grant } from '../world/grant';
import { inWorld } from '../world/start-world';

const runs = 5;
const goalSeconds = { 'users.csv': 0.3, 'report.csv': 0.4 };

/** Time to download all users and the report of a rollout as CSV, next to the same users in JSON pages. */
export async function csvTime(bench: Bench): Promise<Figure[]> {
  const users = bench.isQuick ? 5_000 : 20_000;
  return await inWorld(bench, { users, writesPerSecond: 50 }, async (world) => {
    const { rollouts, token } = world;
    await world.startWorker('bench');
    const { rolloutId } = await rollouts.plan(grant);
    const { url } = await world.startApi();
    const organization = `${url}/v1/organizations/${await rollouts.orgId()}`;
    const access = { token, signal: bench.signal };
    const figures: Figure[] = [];
    const files = [
      { file: 'users.csv', at: organization, pages: 'users' },
      { file: 'report.csv', at: `${organization}/rollouts/${rolloutId}`, pages: 'users' },
    ] as const;
    for (const { file, at, pages } of files) {
      bench.say(`${file} of ${digits(users, 0)} users, ${runs} times`);
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        times.push((await download(`${at}/${file}`, access)).seconds);
      }
      const peer = await downloadPages(`${at}/${pages}`, access);
      const seconds = median(times);
      const goal = goalSeconds[file];
      figures.push({
        figure: `${file} of ${digits(users, 0)} users`,
        measured: `${digits(seconds, 2)} s`,
        peer: `JSON pages of 1,000: ${digits(peer.seconds, 2)} s`,
        ratio: digits(seconds / peer.seconds, 2),
        goal: `≤ ${goal} s`,
        isMet: seconds <= goal,
      });
    }
    return figures;
  });
}
