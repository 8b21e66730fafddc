import type { Measure } from '../figure';
import { callsPerUser } from './calls-per-user';
import { csvMemory } from './csv-memory';
import { csvTime } from './csv-time';
import { durableThroughput } from './durable-throughput';
import { historyEvents } from './history-events';
import { organizationMemory } from './organization-memory';
import { paceUsed } from './pace-used';
import { planningTime } from './planning-time';
import { previewTime } from './preview-time';
import { rootEvents } from './root-events';
import { throttledCalls } from './throttled-calls';
import { waitingPlans } from './waiting-plans';
import { workerMemory } from './worker-memory';

/** In the order of the table. */
export const figures: readonly { letter: string; about: string; measure: Measure }[] = [
  { letter: 'a', about: 'calls per user', measure: callsPerUser },
  { letter: 'b', about: 'durable users per second', measure: durableThroughput },
  { letter: 'c', about: 'share of the allowed pace', measure: paceUsed },
  { letter: 'd', about: '429s at a pace set too high', measure: throttledCalls },
  { letter: 'e', about: 'history events per user', measure: historyEvents },
  { letter: 'f', about: 'planning time', measure: planningTime },
  { letter: 'g', about: 'memory of the worker', measure: workerMemory },
  { letter: 'h', about: 'memory of reading a CSV file', measure: csvMemory },
  { letter: 'i', about: 'memory of a simulated organization', measure: organizationMemory },
  { letter: 'j', about: 'time until a preview can be read', measure: previewTime },
  { letter: 'k', about: 'time to download a CSV file', measure: csvTime },
  { letter: 'l', about: "events of a rollout's own workflow", measure: rootEvents },
  { letter: 'p', about: 'memory of plans that wait', measure: waitingPlans },
];
