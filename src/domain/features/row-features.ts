import { applyChanges } from '../model/apply-changes';
import { wasRefused } from '../model/was-refused';
import { featureImpact, featureKeyOf, featureStateOf, type FeatureEffect } from './features';
import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import type { CallingOffers } from '../model/settings';
import type { Outcome } from '../model/outcome';
import { offerOfLicenseId, siteOfLicenseId } from '../model/webex-id';

/** The fields of a stored row that its feature impact depends on. */
export interface FeatureRow {
  outcome: Outcome;
  before: Holdings;
  changes: readonly Change[];
  refused: readonly Change[] | null;
  writtenAt: Date | null;
}

/**
 * The effects of a row on its user's features (R86): before the write, those of the planned changes;
 * after it, those of the changes that Webex made. None if nothing was written and nothing will be.
 */
export function rowFeatures(row: FeatureRow, callingOffers: CallingOffers): FeatureEffect[] {
  const { before, changes, writtenAt, outcome } = row;
  if (writtenAt === null && outcome !== 'planned') return [];
  const done = writtenAt === null ? changes : changes.filter((change) => !wasRefused(row, change));
  const stateOf = ({ licenses }: Holdings) =>
    featureStateOf(licenses.flatMap((id) => keyOfLicense(id, callingOffers) ?? []));
  return featureImpact(stateOf(before), stateOf(applyChanges(before, done)));
}

function keyOfLicense(licenseId: string, callingOffers: CallingOffers): string | null {
  const offer = offerOfLicenseId(licenseId);
  if (offer === undefined) return null;
  return featureKeyOf({ offer, site: siteOfLicenseId(licenseId) ?? null }, callingOffers);
}
