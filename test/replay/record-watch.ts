/**
 * Adds what `replay.test.ts` replays of the watch: one look that finds somebody, and the rollout that
 * answers it. `npx tsx test/replay/record-watch.ts`, after `record.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ensureDatabase, ensureTemporal, stopServers } from '../support/servers';
import { WatchStage } from '../support/watch-stage';
import { keepHistory } from './keep-history';

async function main(): Promise<void> {
  await ensureDatabase();
  await ensureTemporal();
  const stage = await WatchStage.open({ simulator: { users: 12, seed: 7 } });
  await stage.saveTemplate(null, ['FMS', 'UCPREM']);
  await stage.addPerson('newcomer');
  const [reaction] = await stage.lookAndReconcile();
  if (!reaction) throw new Error('nobody was found');
  // The list of workflows lags a little behind.
  await delay(2_000);
  const { workflow } = stage.world.client;
  for await (const { workflowId, runId, type } of workflow.list()) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    if (type === 'watchDirectory') keepHistory('watch.json', history);
    if (!workflowId.includes(reaction.rolloutId)) continue;
    const part = workflowId.split(reaction.rolloutId)[1] ?? '';
    keepHistory(`reaction${part.replaceAll('/', '-')}.json`, history);
  }
  await stage.close();
  await stopServers();
}

void main();
