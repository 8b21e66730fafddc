import type { Queryable } from '../../db/connect';
import { countVerdicts, listFeedback, type FeedbackRow } from '../../db/rollout/feedback';

const latestShown = 5;

export function feedbackView(row: FeedbackRow) {
  const { feedbackId: id, at, recordedBy, personId, verdict, text } = row;
  return { id, at: at.toISOString(), recordedBy, personId, verdict, text };
}

/** What is shown at the gate (R85); `self` is the address of the rollout. */
export async function feedbackSummary(db: Queryable, rolloutId: string, self: string) {
  const [counts, latest] = await Promise.all([
    countVerdicts(db, rolloutId),
    listFeedback(db, { rolloutId, before: null, limit: latestShown }),
  ]);
  return { ...counts, latest: latest.map(feedbackView), href: `${self}/feedback` };
}
