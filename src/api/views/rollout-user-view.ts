import type { RolloutUserRow } from '../../db/rollout-users';

export function rolloutUserView(row: RolloutUserRow) {
  return {
    seq: row.seq,
    personId: row.personId,
    email: row.email,
    displayName: row.displayName,
    wave: row.wave,
    step: row.step,
    outcome: row.outcome,
    before: row.before,
    changes: row.changes,
    kept: row.kept,
    blocked: row.blocked,
    withheld: row.withheld,
    expected: row.expected,
    pending: row.pending,
    refused: row.refused,
    detail: row.detail,
    attempts: row.attempts,
    writtenAt: row.writtenAt?.toISOString() ?? null,
    convergedAt: row.convergedAt?.toISOString() ?? null,
    trackingId: row.trackingId,
  };
}
