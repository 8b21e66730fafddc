import type { FeedbackRow } from '../../../db/rollout/feedback';
import type { RolloutState } from '../../../db/rollout/rollout-state';

export function feedbackView(row: FeedbackRow) {
  const { feedbackId: id, at, recordedBy, personId, verdict, text } = row;
  return { id, at: at.toISOString(), recordedBy, personId, verdict, text };
}

/** What is shown at the gate (R85); `self` is the address of the rollout. */
export function feedbackSummary(
  { verdicts, latestFeedback }: Pick<RolloutState, 'verdicts' | 'latestFeedback'>,
  self: string,
) {
  return { ...verdicts, latest: latestFeedback.map(feedbackView), href: `${self}/feedback` };
}
