import type { NoWorker } from '../../domain/rollout/waiting-for';
import type { Jobs } from './jobs';

/**
 * What keeps the workers from work. Where none is there to say whether Temporal answers, the API asks:
 * a worker that ended because it couldn't reach Temporal isn't what people wait for.
 */
export async function whyNoWorker<Away extends NoWorker>(
  { jobs }: { jobs: Jobs },
  away: Away | null | undefined,
): Promise<Away | null> {
  if (!away || away.temporalAwaySince) return away ?? null;
  const since = await jobs.awaySince();
  return since === null ? away : { ...away, temporalAwaySince: since.toISOString() };
}
