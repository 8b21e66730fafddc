import type { Outcome } from '../domain/model';
import { isFinal } from '../domain/rollout-phase';
import type { Api } from './api-client';
import type { Progress, Rollout } from './api-types';
import type { Narrator } from './narrate';
import { progressBar } from './progress-bar';
import { waitFor } from './wait-for';

/** Outcomes of users about whom nothing remains to be done. */
const settled: Outcome[] = [
  'unchanged',
  'converged',
  'partial',
  'waiting-for-seat',
  'host-pending',
  'blocked',
  'conflict',
  'gone',
  'failed',
  'unconverged',
  'withheld',
  'reverted',
];

function sum(counts: Progress['counts'], outcomes: Outcome[]): number {
  return outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
}

/** One line: what is written, what has been seen in a later read, and what is waited for. */
export function describeProgress(progress: Progress): string {
  const { counts, total, wave, waves, phase, waitingFor } = progress;
  const seen = sum(counts, settled);
  const written = seen + (counts.applied ?? 0);
  const changing = total - (counts.unchanged ?? 0);
  const still = counts.unchanged ?? 0;
  const where =
    wave === null ? '' : wave === 0 ? 'pilot' : `wave ${String(wave)} of ${String(waves - 1)}`;
  const parts = [
    phase,
    where,
    `written ${progressBar(written - still, changing)}`,
    `seen ${progressBar(seen - still, changing)}`,
    waitingFor ?? '',
  ];
  return parts.filter(Boolean).join('  ');
}

const rolloutTimeoutMs = 10 * 60_000;

/** Shows a rollout's progress until it wants a decision or has ended. */
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
    ask: () => api.get<Progress>(`${self}/progress`),
    until: ({ phase }) => phase === 'awaiting-promotion' || phase === 'halted' || isFinal(phase),
    onAnswer: (progress) => out.status(`  ${describeProgress(progress)}`),
    timeoutMs: rolloutTimeoutMs,
    signal,
  });
  out.settle();
  return api.get<Rollout>(self);
}
