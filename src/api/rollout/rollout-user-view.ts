import type { RolloutUserRow } from '../../db/rollout/rollout-users';
import { activationOf } from '../../domain/rollout/activation';
import { featureLabel } from '../../domain/features/feature-label';
import type { FeatureEffect, FeatureEffectKind } from '../../domain/features/features';
import type { CallingOffers } from '../../domain/model/settings';
import { isNoticed } from '../../domain/features/feature-totals';
import { rowFeatures } from '../../domain/features/row-features';
import { waitEndLabel } from '../../domain/watch/waits';
import { rolloutAddress } from '../http/parameters/addresses';

export function rolloutUserView(row: RolloutUserRow, callingOffers: CallingOffers) {
  const effects = rowFeatures(row, callingOffers);
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
    waiting: row.waiting,
    expected: row.expected,
    pending: row.pending,
    takenUpBy: row.takenUpBy === null ? null : rolloutAddress(row.orgId, row.takenUpBy),
    waitEnded: waitEndedView(row),
    refused: row.refused,
    detail: row.detail,
    attempts: row.attempts,
    writtenAt: row.writtenAt?.toISOString() ?? null,
    convergedAt: row.convergedAt?.toISOString() ?? null,
    trackingId: row.trackingId,
    activation: activationOf(row),
    features: featuresView(effects),
    inform: isNoticed(effects),
  };
}

/** R107: when and why the user stopped waiting for a unit. */
function waitEndedView({ waitEndedAt, waitsOver }: RolloutUserRow) {
  return waitEndedAt && { at: waitEndedAt.toISOString(), reason: waitEndLabel(waitsOver) };
}

function featuresView(effects: readonly FeatureEffect[]) {
  const of = (kind: FeatureEffectKind) =>
    effects
      .filter(({ effect }) => effect === kind)
      .map(({ feature, site }) => ({ feature, site, text: featureLabel({ feature, site }) }));
  return {
    lost: of('lost'),
    gained: of('gained'),
    limited: of('limited'),
    notStated: of('not-stated'),
  };
}
