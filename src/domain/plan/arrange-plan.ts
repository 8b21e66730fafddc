import type { WantIndex } from '../decide/decision';
import type { PlanContext } from '../kinds/plan-context';
import type { LicenseIndex, LicensePosition } from '../licenses/license-index';
import { allocateUnits } from '../units/allocate-units';
import { findRings } from '../units/find-rings';
import type { Place } from '../units/unit-stock';
import { orderOfService } from './waves/order-of-service';
import type { PlanSummary } from './plan-summary';
import { scheduleWaves, type ScheduledPlace } from './waves/schedule-waves';
import { summarizePlan } from './summarize-plan';
import { shapesAt, type Survey } from './survey/survey';
import type { CandidateNumber } from './survey/survey-columns';
import { tallyOutcomes, waitingPlaces } from './tally-outcomes';

export interface ArrangeInput {
  context: PlanContext;
  index: LicenseIndex;
  survey: Survey;
}

/** Where one user stands in the plan. */
export interface Placement extends ScheduledPlace {
  isInRing: boolean;
}

/** The plan between its passes. */
export interface Arrangement {
  summary: PlanSummary;
  /** Null: out of scope. */
  placeOf: (candidate: CandidateNumber) => Place | null;
  placementAt(place: Place): Placement;
  licenseFor: (place: Place, want: WantIndex) => LicensePosition | null;
}

/** Allocates units, puts everybody surveyed into waves and adds the plan up. */
export function arrangePlan({ context, index, survey }: ArrangeInput): Arrangement {
  const { request, settings } = context;
  const order = orderOfService(survey.columns, request.pilot !== null);
  const demand = { index, shapes: survey.shapes, shapeAt: shapesAt(survey, order.candidates) };
  const allocation = allocateUnits(demand);
  const tally = tallyOutcomes(demand, allocation, settings.callingOffers);
  const rings = findRings({ ...demand, allocation, waiting: waitingPlaces(tally) });
  const schedule = scheduleWaves({
    request,
    allocation,
    written: tally.placesBy.planned,
    namedPlaces: order.named,
    places: demand.shapeAt.length,
  });
  schedule.appendResting(tally.placesBy);
  const { waves } = schedule;
  const ringMembers = new Set(rings.flat());
  return {
    summary: summarizePlan({
      context,
      index,
      survey,
      order,
      tally,
      rings,
      waves,
      movedFromPilot: schedule.movedFromPilot,
    }),
    placeOf: order.placeOf,
    placementAt: (place) => ({ ...schedule.at(place), isInRing: ringMembers.has(place) }),
    licenseFor: allocation.licenseFor,
  };
}
