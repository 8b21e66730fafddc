import {
  type FeatureEffect,
  featureImpact,
  featureKeyOf,
  featureStateOf,
  type FeatureTotal,
} from './features';
import type { Resolution } from '../units/resolve';
import { compareText } from '../model/compare-text';
import type { CallingOffers } from '../model/settings';
import type { DemandShape } from '../units/demand-shape';

export interface FeatureTotals {
  count(entry: { shape: DemandShape; resolution: Resolution }): void;
  totals(): FeatureTotal[];
  /** Users who lose or gain a feature: nobody else tells them (R82). */
  usersToInform(): number;
}

/** Adds up the feature impact of a plan (R86): worked out once for users of one shape and resolution. */
export function createFeatureTotals(callingOffers: CallingOffers): FeatureTotals {
  // Whoever gets everything shares the resolution with their whole shape, and with no other.
  const known = new WeakMap<Resolution, FeatureEffect[]>();
  const totals = new Map<string, FeatureTotal>();
  let toInform = 0;
  const effectsOf = (shape: DemandShape, resolution: Resolution): FeatureEffect[] => {
    const found = known.get(resolution) ?? impactOf(shape, resolution, callingOffers);
    known.set(resolution, found);
    return found;
  };
  return {
    count({ shape, resolution }) {
      if (shape.featureKeys === null) return;
      const effects = effectsOf(shape, resolution);
      if (isNoticed(effects)) toInform += 1;
      for (const { feature, site, effect } of effects) {
        const key = `${feature} ${site ?? ''}`;
        const total = totals.get(key) ?? {
          feature,
          site,
          lost: 0,
          gained: 0,
          limited: 0,
          notStated: 0,
        };
        total[effect === 'not-stated' ? 'notStated' : effect] += 1;
        totals.set(key, total);
      }
    },
    totals: () => [...totals].sort(([a], [b]) => compareText(a, b)).map(([, total]) => total),
    usersToInform: () => toInform,
  };
}

/** R82: what a user will notice; where the source says nothing, nobody can tell them anything. */
export function isNoticed(effects: readonly FeatureEffect[]): boolean {
  return effects.some(({ effect }) => effect !== 'not-stated');
}

/**
 * The keys of what a user holds, as far as the wants and losses touch them; null where no feature
 * can change. Keys that a change doesn't touch would only split users who are alike.
 */
export function touchedFeatureKeys(input: {
  held: readonly { offer: string; site: string | null }[];
  changed: readonly { offer: string; site: string | null }[];
  callingOffers: CallingOffers;
}): string[] | null {
  const keyOf = (one: { offer: string; site: string | null }) =>
    featureKeyOf(one, input.callingOffers);
  const touched = new Set(input.changed.map(keyOf));
  touched.delete(null);
  if (touched.size === 0) return null;
  const isService = (key: string) => !key.startsWith('host@');
  const touchesServices = [...touched].some((key) => key !== null && isService(key));
  const isRelevant = (key: string) => (isService(key) ? touchesServices : touched.has(key));
  const held = input.held.map(keyOf).filter((key): key is string => key !== null);
  return held.filter(isRelevant).sort(compareText);
}

function impactOf(
  { featureKeys, wants, losses }: DemandShape,
  { wantGoes, lossGoes }: Resolution,
  callingOffers: CallingOffers,
): FeatureEffect[] {
  if (![...wantGoes, ...lossGoes].includes(true)) return [];
  const before = featureKeys ?? [];
  const after = [...before];
  for (const [i, { target }] of losses.entries()) {
    if (lossGoes[i] !== true || target.kind !== 'license') continue;
    const at = after.indexOf(featureKeyOf(target, callingOffers) ?? '');
    if (at >= 0) after.splice(at, 1);
  }
  for (const [i, want] of wants.entries()) {
    if (wantGoes[i] !== true || want.pool === null) continue;
    const key = featureKeyOf(want, callingOffers);
    if (key !== null) after.push(key);
  }
  return featureImpact(featureStateOf(before), featureStateOf(after));
}
