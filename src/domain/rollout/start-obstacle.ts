import { planObstacles } from './guards';
import type { Phase } from './rollout-phase';

interface Writing {
  rolloutId: string;
  phase: Phase;
}
type Planned = Parameters<typeof planObstacles>[0] & { rolloutId: string };

/** Why a plan can't be started now: what forbids it for good, or the rollout that writes (R25); null: it can be. */
export function startObstacle(plan: Planned, writing: Writing | undefined): string | null {
  const [obstacle] = planObstacles(plan);
  if (obstacle !== undefined) return obstacle;
  return writing && writing.rolloutId !== plan.rolloutId ? busySentence(writing) : null;
}

/** R102: the users whom a rollout has left are another one's by now. */
export function takenUpSentence({ rolloutId, phase }: Writing): string {
  return `Rollout ${rolloutId} has taken up what this one left, and is ${phase}.`;
}

export function busySentence({ rolloutId, phase }: Writing): string {
  return `Rollout ${rolloutId} is ${phase}. Only one rollout per organization can write at a time.`;
}
