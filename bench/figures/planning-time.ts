import { rolloutWorkflowId } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import { secondsOfActivity } from '../world/activity-time';
import { grant } from '../world/grant';
import { inWorld } from '../world/start-world';

const goalSeconds = 4;

/** Time to plan for 100,000 users after reading them, compared with the time of the reads. */
export async function planningTime(bench: Bench): Promise<Figure[]> {
  const users = bench.isQuick ? 20_000 : 100_000;
  const options = { users, writesPerSecond: 50 };
  return await inWorld(bench, options, async ({ rollouts, client, startWorker }) => {
    await startWorker('bench');
    bench.say(`the first read of ${digits(users, 0)} users`);
    const orgId = await rollouts.orgId();
    bench.say('reading them again and planning');
    const { rolloutId } = await rollouts.plan(grant);
    const workflowId = rolloutWorkflowId(organizationUuid(orgId), rolloutId);
    const reading = await secondsOfActivity(client, workflowId, 'observe');
    const planning = await secondsOfActivity(client, workflowId, 'planRollout');
    return [
      {
        figure: `planning ${digits(users, 0)} users, seconds beyond the reads`,
        measured: digits(planning, 1),
        peer: `the reads: ${digits(reading, 1)}`,
        ratio: digits(planning / reading, 2),
        goal: `≤ ${goalSeconds}`,
        isMet: planning <= goalSeconds,
      },
    ];
  });
}
