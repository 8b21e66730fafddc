import { outcomes, type Outcome } from '../domain/model/outcome';
import { isFinal } from '../domain/rollout/rollout-phase';
import type { Api } from './api-client';
import type { RolloutProgress, Rollout } from './api-types';
import type { Narrator } from './narrate';
import { progressBar } from './progress-bar';
import { waitFor } from './wait-for';

/** Outcomes of users for whom nothing remains to be done. */
const finished = outcomes.filter((outcome) => outcome !== 'planned' && outcome !== 'applied');

function sum(counts: RolloutProgress['counts'], chosen: readonly Outcome[]): number {
  return chosen.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
}

function stageOf({ phase, wave, waves }: RolloutProgress): string {
  if (phase === 'piloting' || phase === 'rolling-out') {
    return wave === 0 ? 'pilot' : `wave ${String(wave ?? 1)} of ${String(waves - 1)}`;
  }
  return phase === 'awaiting-promotion' ? 'at the gate' : phase;
}

/** One line: what is written, what a later read has shown, and what the rollout waits for. */
export function describeProgress(progress: RolloutProgress): string {
  const { counts, total, waitingFor } = progress;
  const unchanged = counts.unchanged ?? 0;
  const changing = total - unchanged;
  const seen = sum(counts, finished) - unchanged;
  const written = seen + (counts.applied ?? 0);
  const bars = `written ${progressBar(written, changing)}  seen ${progressBar(seen, changing)}`;
  const waiting = waitingFor === null ? '' : `  waiting for ${waitingFor}`;
  return `${stageOf(progress).padEnd(12)} ${bars}${waiting}`;
}

const rolloutTimeoutMs = 10 * 60_000;

/** Shows a rollout's progress until it needs a decision or has ended. */
export async function followRollout(options: {
  api: Api;
  rollout: Rollout;
  out: Narrator;
  signal: AbortSignal;
}): Promise<Rollout> {
  const { api, out, signal } = options;
  const { self } = options.rollout.links;
  await waitFor({
    what: 'The rollout',
    ask: () => api.get<RolloutProgress>(`${self}/progress`),
    until: ({ phase }) => phase === 'awaiting-promotion' || phase === 'halted' || isFinal(phase),
    onAnswer: (progress) => out.status(`  ${describeProgress(progress)}`),
    timeoutMs: rolloutTimeoutMs,
    signal,
  });
  out.settle();
  return api.get<Rollout>(self);
}
