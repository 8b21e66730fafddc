import { allocateUnits } from '../units/allocate-units';
import type { Resolution } from '../units/resolve';
import type { LicenseIndex } from '../licenses/license-index';
import { compareText } from '../model/compare-text';
import type { PlannedUser } from './planned-user';
import { createPlanTotals } from './plan-totals';
import type { IrreversibleRemovals, PlanSummary } from './plan-summary';
import { planWarnings } from './plan-warnings';
import type { PlanContext } from '../kinds/plan-context';
import { findRings } from '../units/find-rings';
import { scheduleWaves } from './schedule-waves';
import type { DemandShape } from '../units/demand-shape';
import type { Survey } from './survey';

export interface ArrangeInput {
  context: PlanContext;
  index: LicenseIndex;
  survey: Survey;
}

/** Where one user stands in the plan. */
export interface Placement {
  seq: number;
  wave: number | null;
  step: number | null;
  resolution: Resolution;
  isInRing: boolean;
}

/** The plan between its passes; a place is a user's number in the order of service. */
export interface Arrangement {
  summary: PlanSummary;
  /** Null: out of scope. */
  placeOf(candidate: number): number | null;
  placementAt(place: number): Placement;
  licenseFor: (place: number, want: number) => number | null;
}

/** In this order rows without a write follow those with one. */
const restingOutcomes = ['waiting-for-seat', 'host-pending', 'blocked', 'unchanged'] as const;
const maxNamed = 100;
const noPlace = 0xffffffff;

/** Gives out units, seats and waves to everybody surveyed, and adds the plan up. */
export function arrangePlan({ context, index, survey }: ArrangeInput): Arrangement {
  const { shapes } = survey;
  const order = orderOfService(survey, context.request.pilot !== null);
  const shapeAt = Uint32Array.from(order.candidates, (one) => survey.book.shapeAt(one) ?? 0);
  const allocation = allocateUnits({ index, shapes, shapeAt });
  const { licenseFor } = allocation;

  const totals = createPlanTotals(index, context.settings.callingOffers);
  const placesBy = groupsByOutcome();
  const losingCalling: number[] = [];
  for (let place = 0; place < shapeAt.length; place += 1) {
    const shape = shapes[shapeAt[place] ?? 0];
    if (!shape) continue;
    const resolution = allocation.resolutionAt(place);
    const entry = { shape, resolution, licenseFor: (want: number) => licenseFor(place, want) };
    placesBy[totals.count(entry)].push(place);
    if (losesForGood(shape, resolution)) losingCalling.push(place);
  }
  const rings = findRings({ index, shapes, shapeAt, allocation, waiting: waitingPlaces(placesBy) });
  const ringMembers = new Set(rings.flat());
  const schedule = scheduleWaves({
    request: context.request,
    allocation,
    written: placesBy.planned,
    namedPlaces: order.named,
    places: shapeAt.length,
  });
  let seq = placesBy.planned.length;
  for (const outcome of restingOutcomes) {
    for (const place of placesBy[outcome]) schedule.seqAt[place] = seq += 1;
  }

  const nameAt = (place: number) => survey.named.get(order.candidates[place] ?? -1);
  const { outcomes } = totals;
  const summary = {
    usersInScope: shapeAt.length,
    planned: outcomes.planned,
    unchanged: outcomes.unchanged,
    blocked: outcomes.blocked,
    waitingForSeat: outcomes['waiting-for-seat'],
    hostPending: outcomes['host-pending'],
    additions: totals.additions(),
    removals: totals.removals(),
    replacements: totals.replacements(),
    usersLosing: totals.usersLosing(),
    usersToInform: totals.features.usersToInform(),
    totals: totals.changeTotals(),
    features: totals.features.totals(),
    blockedBy: totals.blockedBy(),
    units: totals.units(),
    waves: schedule.waves,
    irreversibleRemovals: namesOf(losingCalling, (place) => nameAt(place)?.email),
    rings: rings
      .map((ring) => ring.flatMap((place) => nameAt(place)?.personId ?? []))
      .filter((ring, i) => ring.length === rings[i]?.length)
      .slice(0, maxNamed),
  };
  const { unlistedHolders } = survey;
  // The order of input says nothing, and so it changes no word of a plan.
  const templates = [...context.templates].sort((a, b) => compareText(a.templateId, b.templateId));
  const warnings = planWarnings({
    context: { ...context, templates },
    index,
    summary,
    ringCount: rings.length,
    unlistedHolders,
  });
  return {
    summary: { ...summary, warnings },
    placeOf: (candidate) => {
      const place = order.placeOf[candidate];
      return place === undefined || place === noPlace ? null : place;
    },
    placementAt: (place) => {
      const wave = schedule.waveAt[place] ?? -1;
      return {
        seq: schedule.seqAt[place] ?? 0,
        wave: wave < 0 ? null : wave,
        step: wave < 0 ? null : (schedule.stepAt[place] ?? 0),
        resolution: allocation.resolutionAt(place),
        isInRing: ringMembers.has(place),
      };
    },
    licenseFor,
  };
}

interface OrderOfService {
  /** Candidate at each place: those named for the pilot first, then by hash, never by input (R46). */
  candidates: Uint32Array;
  placeOf: Uint32Array;
  /** How many are named for the pilot. */
  named: number;
}

function orderOfService({ book }: Survey, hasPilot: boolean): OrderOfService {
  const placeOf = new Uint32Array(book.count()).fill(noPlace);
  const candidates = new Uint32Array(book.count());
  let count = 0;
  let named = 0;
  for (let candidate = 0; candidate < placeOf.length; candidate += 1) {
    if (book.shapeAt(candidate) === null) continue;
    if (hasPilot && book.isNamedAt(candidate)) named += 1;
    candidates[count] = candidate;
    count += 1;
  }
  const inScope = candidates.subarray(0, count);
  const rank = (one: number) => (hasPilot && book.isNamedAt(one) ? 0 : 1);
  inScope.sort((a, b) => rank(a) - rank(b) || book.hashAt(a) - book.hashAt(b) || a - b);
  for (const [place, candidate] of inScope.entries()) placeOf[candidate] = place;
  return { candidates: inScope, placeOf, named };
}

function groupsByOutcome(): Record<PlannedUser['outcome'], number[]> {
  return { planned: [], unchanged: [], 'waiting-for-seat': [], 'host-pending': [], blocked: [] };
}

/** Everybody who may lack a unit, also those of whom a part is written. */
function waitingPlaces(placesBy: Record<PlannedUser['outcome'], number[]>): number[] {
  const { planned, 'waiting-for-seat': waiting, 'host-pending': hostPending } = placesBy;
  return [...planned, ...waiting, ...hostPending].sort((a, b) => a - b);
}

function losesForGood(shape: DemandShape, { lossGoes }: Resolution): boolean {
  return shape.losses.some(({ isIrreversible }, i) => isIrreversible && lossGoes[i] === true);
}

function namesOf(
  places: readonly number[],
  nameAt: (place: number) => string | undefined,
): IrreversibleRemovals {
  const named: string[] = [];
  for (const place of places) {
    const name = nameAt(place);
    if (name !== undefined && named.length < maxNamed) named.push(name);
  }
  return { users: places.length, named };
}
