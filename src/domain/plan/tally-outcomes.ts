import type { CallingOffers } from '../model/settings';
import type { Allocation } from '../units/allocate-units';
import type { ShapeResolution } from '../units/demand-shape';
import { type Demand, type Place, shapeOf } from '../units/unit-stock';
import { createPlanTotals, type PlanTotals } from './plan-totals';
import type { PlannedUser } from './planned-user';

/** Everybody's outcome at planning, added up. */
export interface Tally {
  totals: PlanTotals;
  /** In order of service. */
  placesBy: Record<PlannedUser['outcome'], Place[]>;
  /** Users who lose Calling permanently (R68). */
  losingCalling: Place[];
}

export function tallyOutcomes(
  demand: Demand,
  { licenseFor, resolutionAt }: Allocation,
  callingOffers: CallingOffers,
): Tally {
  const totals = createPlanTotals(demand.index, callingOffers);
  const placesBy: Tally['placesBy'] = {
    planned: [],
    unchanged: [],
    'waiting-for-seat': [],
    'host-pending': [],
    blocked: [],
    excluded: [],
  };
  const losingCalling: Place[] = [];
  for (let place: Place = 0; place < demand.shapeAt.length; place += 1) {
    const shape = shapeOf(demand, place);
    const resolution = resolutionAt(place);
    const outcome = totals.count({
      shape,
      resolution,
      licenseFor: (want) => licenseFor(place, want),
    });
    placesBy[outcome].push(place);
    if (losesPermanently(resolution)) losingCalling.push(place);
  }
  return { totals, placesBy, losingCalling };
}

/** Everybody who may lack a unit, also those of whom a part is written. */
export function waitingPlaces({ placesBy }: Tally): Place[] {
  const { planned, 'waiting-for-seat': waiting, 'host-pending': hostPending } = placesBy;
  return [...planned, ...waiting, ...hostPending].sort((a, b) => a - b);
}

function losesPermanently({ losses }: ShapeResolution): boolean {
  return losses.some(({ loss, goes }) => goes && loss.isIrreversible);
}
