import type { PlanWave } from '../../src/domain/plan/plan-summary';
import { rolloutWorkflowId } from '../../src/contract/ids';
import { organizationUuid } from '../../src/domain/model/webex-id';
import { workflowCost } from '../../src/domain/rollout/shards';
import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import { grant } from '../world/grant';
import { wavesOfPlan } from '../world/plan-rows';
import { rootHistory } from '../world/root-history';
import { inWorld } from '../world/start-world';

const goal = 10_000;
const large = { users: 1_000_000, waves: 100 };

/**
 * Events of a rollout's own workflow, signals among them. A million users aren't written here: the figure
 * is the bound that the product computes before it starts, and the peer shows, for a small rollout, that
 * the history on the server stays below this bound.
 */
export async function rootEvents(bench: Bench): Promise<Figure[]> {
  const [waves, usersPerWave] = bench.isQuick ? [4, 100] : [20, 100];
  const options = { users: waves * usersPerWave + 100, writesPerSecond: 1_000 };
  return await inWorld(bench, options, async ({ rollouts, db, client, startWorker }) => {
    await startWorker('bench');
    const size = { size: { count: usersPerWave }, soakSeconds: 0 };
    const planned = await rollouts.plan(grant, {
      pilot: null,
      gates: 'automatic',
      waves: Array.from({ length: waves }, () => size),
    });
    const { rolloutId } = planned;
    bench.say(`${planned.summary?.planned ?? 0} users in ${waves} waves`);
    await rollouts.start(planned);
    await rollouts.until(rolloutId, ['completed']);
    const workflowId = rolloutWorkflowId(organizationUuid(await rollouts.orgId()), rolloutId);
    const seen = await rootHistory(client, workflowId);
    const bound = workflowCost(await wavesOfPlan(db, rolloutId));
    const million = workflowCost(equalWaves(large));
    const { events, reports } = million;
    return [
      {
        figure: `root events with signals, ${digits(large.users, 0)} users, ${large.waves} waves`,
        measured: `≤ ${digits(events, 0)} (${digits(reports, 0)} signals), computed`,
        peer: `${waves} waves: ${digits(seen.events, 0)} of ≤ ${digits(bound.events, 0)} on the server`,
        ratio: digits(seen.events / bound.events, 2),
        goal: `< ${digits(goal, 0)}`,
        isMet: events < goal && seen.events <= bound.events && seen.signals <= bound.reports,
      },
    ];
  });
}

function equalWaves({ users, waves }: typeof large): PlanWave[] {
  const each = users / waves;
  return Array.from({ length: waves }, (_, at) => ({
    wave: at + 1,
    users: each,
    soakSeconds: 0,
    steps: [{ step: 0, fromSeq: at * each + 1, toSeq: (at + 1) * each }],
  }));
}
