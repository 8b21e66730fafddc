import { setCurrentDetails } from '@temporalio/workflow';
import type { Counts } from '../../contract/activities';
import type { Phase } from '../../domain/rollout/rollout-phase';

export interface ShownJob {
  phase: Phase;
  paused: boolean;
  wave: number | null;
  waitingFor: string | null;
  counts: Counts;
  /** Markdown: what was planned, and for whom. */
  plan: string;
}

/** Tells the story so far to people who look at the Temporal UI. */
export function showJob({ phase, paused, wave, waitingFor, counts, plan }: ShownJob): void {
  const rows = Object.entries(counts)
    .filter(([, users]) => users > 0)
    .map(([outcome, users]) => `| ${outcome} | ${users} |`);
  setCurrentDetails(
    [
      `**${phase}**${paused ? ' (paused)' : ''}${wave === null ? '' : wave === 0 ? ', the pilot' : `, wave ${wave}`}`,
      waitingFor ? `Waits for: ${waitingFor}` : '',
      rows.length > 0 ? `| outcome | users |\n|---|---|\n${rows.join('\n')}` : '',
      plan,
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
}
