import { setCurrentDetails } from '@temporalio/workflow';
import type { JobState } from '../../domain/rollout/job-state';

/** Shows in the Temporal UI where a rollout stands. */
export function showJob(state: JobState, waitsFor: string | null): void {
  const { phase, paused, wave, counts, details } = state;
  const rows = Object.entries(counts)
    .filter(([, users]) => users > 0)
    .map(([outcome, users]) => `| ${outcome} | ${users} |`);
  setCurrentDetails(
    [
      `**${phase}**${paused ? ' (paused)' : ''}${waveLabel(wave)}`,
      waitsFor ? `Waits for: ${waitsFor}` : '',
      rows.length > 0 ? `| outcome | users |\n|---|---|\n${rows.join('\n')}` : '',
      details,
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
}

/** The details of a child, with what its rollout waits for. */
export function withWaits(details: string, waitsFor: string | null): string {
  return waitsFor === null ? details : `${details}\n\nThe rollout waits for: ${waitsFor}`;
}

function waveLabel(wave: number | null): string {
  if (wave === null) return '';
  return wave === 0 ? ', pilot' : `, wave ${wave}`;
}
