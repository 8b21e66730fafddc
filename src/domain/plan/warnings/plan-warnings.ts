import { kindOf } from '../../kinds/kind-of';
import type { PlanContext } from '../../kinds/plan-context';
import type { LicenseIndex } from '../../licenses/license-index';
import type { PlanWarning } from '../../model/warning';
import { licenseWarnings } from './license-warnings';
import { lossWarnings } from './loss-warnings';
import type { PlanFigures } from './plan-figures';
import { unitWarnings } from './unit-warnings';
import { vanishedGroupWarnings } from './vanished-group-warnings';
import { waveWarnings } from './wave-warnings';

export interface WarningInput {
  context: PlanContext;
  index: LicenseIndex;
  summary: PlanFigures;
  /** Rings found; the summary lists at most 100. */
  ringCount: number;
  /** Users in scope who hold a license that the organization doesn't list, by offer. */
  unlistedHolders: ReadonlyMap<string, number>;
}

/** What to read before a plan is started, losses first. */
export function planWarnings(input: WarningInput): PlanWarning[] {
  const { context, index, summary, ringCount, unlistedHolders } = input;
  const { request, templates, settings } = context;
  const kind = kindOf(request.change);
  const granting = kind.grantsEntitlements ? templates : [];
  return [
    ...lossWarnings(summary, kind),
    ...kind.warnings({ templates, terms: request, planned: summary.planned }),
    ...(kind.readsMemberships ? vanishedGroupWarnings(context) : []),
    ...waveWarnings(request, summary),
    ...unitWarnings(summary, ringCount),
    ...licenseWarnings({ granting, settings, index, summary, unlistedHolders }),
  ];
}
