import type { LicenseIndex } from '../licenses/license-index';
import type { PlanContext } from '../kinds/plan-context';
import { at } from '../model/at';
import { compareText } from '../model/text/compare-text';
import type { Place } from '../units/unit-stock';
import type { OrderOfService } from './waves/order-of-service';
import type { PlanSummary, PlanWave } from './plan-summary';
import type { NamedUsers } from './survey/survey-counts';
import { planWarnings } from './warnings/plan-warnings';
import type { NamedUser, Survey } from './survey/survey';
import type { Tally } from './tally-outcomes';

export interface SummaryInput {
  context: PlanContext;
  index: LicenseIndex;
  survey: Survey;
  order: OrderOfService;
  tally: Tally;
  rings: readonly Place[][];
  waves: PlanWave[];
  /** Users named for the pilot who are written in a later wave. */
  movedFromPilot: readonly Place[];
}

const maxNamed = 100;

/** Everything about a plan but its rows, with its warnings. */
export function summarizePlan(input: SummaryInput): PlanSummary {
  const { context, index, survey, order, tally, rings, waves, movedFromPilot } = input;
  const nameAt = (place: Place) => survey.named.get(at(order.candidates, place, 'place'));
  const summary = {
    usersInScope: order.candidates.length,
    ...tally.totals.summary(),
    waves,
    irreversibleRemovals: namesOf(tally.losingCalling, nameAt),
    rings: namedRings(rings, nameAt),
  };
  // The order of input must not change a word of a plan.
  const templates = [...context.templates].sort((a, b) => compareText(a.templateId, b.templateId));
  const warnings = planWarnings({
    context: { ...context, templates },
    index,
    summary,
    ringCount: rings.length,
    counts: survey.counts,
    movedFromPilot: namesOf(movedFromPilot, nameAt),
  });
  return { ...summary, warnings };
}

function namesOf(
  places: readonly Place[],
  nameAt: (place: Place) => NamedUser | undefined,
): NamedUsers {
  const named = places.flatMap((place) => nameAt(place)?.email ?? []).slice(0, maxNamed);
  return { users: places.length, named };
}

/** Rings as persons' ids, without those of which a member's name wasn't kept. */
function namedRings(
  rings: readonly Place[][],
  nameAt: (place: Place) => NamedUser | undefined,
): string[][] {
  const named = rings.flatMap((ring) => {
    const ids = ring.flatMap((place) => nameAt(place)?.personId ?? []);
    return ids.length === ring.length ? [ids] : [];
  });
  return named.slice(0, maxNamed);
}
