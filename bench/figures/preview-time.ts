import { setTimeout as sleep } from 'node:timers/promises';
import { rolloutWorkflowId } from '../../src/contract/ids';
import { createApi, type Api } from '../../src/demo/api-client';
import { organizationUuid } from '../../src/domain/model/webex-id';
import type { Bench, Figure } from '../figure';
import { digits, median } from '../numbers';
import { secondsOfActivity } from '../world/activity-time';
import { grant } from '../world/grant';
import { readPlainly } from '../world/plain-reads';
import type { RolloutAnswer } from '../world/rollouts';
import { inWorld } from '../world/start-world';

const goalSeconds = 1.5;
const runs = 5;
const askEveryMs = 20;

/**
 * Time from the request for a rollout until its plan and its first users can be read, with all reads of
 * Webex, next to these reads alone.
 */
export async function previewTime(bench: Bench): Promise<Figure[]> {
  const users = bench.isQuick ? 5_000 : 20_000;
  return await inWorld(bench, { users, writesPerSecond: 50 }, async (world) => {
    const { rollouts, token } = world;
    const { signal } = bench;
    await world.startWorker('bench');
    const orgId = await rollouts.orgId();
    const { url } = await world.startApi();
    const api = createApi({ url, token, signal });
    const templateId = await rollouts.saveTemplate(grant);
    const at = `/v1/organizations/${orgId}/rollouts`;
    const times: number[] = [];
    bench.say(`a preview for ${digits(users, 0)} users, ${runs} times`);
    for (let run = 0; run < runs; run += 1) {
      const { seconds, rolloutId } = await preview(api, at, templateId, signal);
      const workflowId = rolloutWorkflowId(organizationUuid(orgId), rolloutId);
      const reading = await secondsOfActivity(world.client, workflowId, 'observe');
      const planning = await secondsOfActivity(world.client, workflowId, 'planRollout');
      const of = `${digits(reading, 2)} s of reading and ${digits(planning, 2)} s of planning`;
      bench.say(`a preview took ${digits(seconds, 2)} s, with ${of}`);
      times.push(seconds);
    }
    const reads = await readPlainly(world, signal);
    const seconds = median(times);
    return [
      {
        figure: `preview for ${digits(users, 0)} users, from the request to a readable plan`,
        measured: `${digits(seconds, 2)} s`,
        peer: `the plain reads: ${digits(reads.seconds, 2)} s`,
        ratio: digits(seconds / reads.seconds, 2),
        goal: `< ${goalSeconds} s`,
        isMet: seconds < goalSeconds,
      },
    ];
  });
}

/** Plans, reads the plan, and discards it. In seconds, without the discarding. */
async function preview(
  api: Api,
  at: string,
  templateId: string,
  signal: AbortSignal,
): Promise<{ seconds: number; rolloutId: string }> {
  const startedAt = performance.now();
  const { rolloutId } = await api.send<RolloutAnswer>('POST', at, {
    change: { kind: 'template', templateId },
    existingUsers: true,
  });
  for (let phase = 'planning'; phase === 'planning';) {
    await sleep(askEveryMs, undefined, { signal });
    ({ phase } = await api.get<RolloutAnswer>(`${at}/${rolloutId}`));
    if (!['planning', 'planned'].includes(phase)) throw new Error(`The rollout is ${phase}.`);
  }
  await api.get(`${at}/${rolloutId}/plan`);
  await api.get(`${at}/${rolloutId}/users?limit=100`);
  const seconds = (performance.now() - startedAt) / 1_000;
  await api.send('POST', `${at}/${rolloutId}/discard`, {});
  return { seconds, rolloutId };
}
