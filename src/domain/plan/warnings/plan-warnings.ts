import { kindOf } from '../../kinds/kind-of';
import type { PlanContext } from '../../kinds/plan-context';
import type { LicenseIndex } from '../../licenses/license-index';
import { compareText } from '../../model/text/compare-text';
import type { PlanWarning } from '../../model/warning';
import type { NamedUsers, SurveyCounts } from '../survey/survey-counts';
import { licenseWarnings } from './license-warnings';
import { lossWarnings } from './loss-warnings';
import type { PlanFigures } from './plan-figures';
import { partialViewWarnings, refusedListWarnings } from './refused-list-warnings';
import { turnedOnAgainWarnings } from './turned-on-again-warnings';
import { unitWarnings } from './unit-warnings';
import { vanishedGroupWarnings } from './vanished-group-warnings';
import { waveWarnings } from './wave-warnings';

export interface WarningInput {
  context: PlanContext;
  index: LicenseIndex;
  summary: PlanFigures;
  /** Rings found; the summary lists at most 100. */
  ringCount: number;
  counts: SurveyCounts;
  /** Users named for the pilot who are written in a later wave. */
  movedFromPilot: NamedUsers;
}

/** What to read before a plan is started, losses first. */
export function planWarnings(input: WarningInput): PlanWarning[] {
  const { context, index, summary, ringCount, counts, movedFromPilot } = input;
  const { request, templates, settings } = context;
  const kind = kindOf(request.change);
  const granting = kind.grantsEntitlements ? templates : [];
  return [
    ...lossWarnings(summary, kind),
    ...turnedOnAgainWarnings(counts.turnedOnAgain),
    ...kind.warnings({
      templates,
      terms: request,
      planned: summary.planned,
      stillGranting: inOrder(counts.stillGranting),
    }),
    ...(kind.readsMemberships ? vanishedGroupWarnings(context) : []),
    ...partialViewWarnings(context),
    ...refusedListWarnings(context),
    ...waveWarnings(request, summary, movedFromPilot),
    ...unitWarnings(summary, ringCount),
    ...licenseWarnings({
      granting,
      settings,
      index,
      summary,
      unlistedHolders: counts.unlistedHolders,
    }),
  ];
}

function inOrder<T>(byKey: ReadonlyMap<string, T>): T[] {
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}
