import {
  type FeatureEffect,
  featureImpact,
  featureKeyOf,
  featureStateOf,
  type FeatureTotal,
} from './features';
import { compareText } from '../model/text/compare-text';
import type { CallingOffers } from '../model/settings';
import type { DemandShape, ShapeResolution } from '../units/demand-shape';

export interface FeatureTotals {
  count(entry: { shape: DemandShape; resolution: ShapeResolution }): void;
  totals(): FeatureTotal[];
  /** Users who lose or gain a feature. Webex doesn't inform them (R82). */
  usersToInform(): number;
}

/** Adds up the feature impact of a plan (R86). Users of one shape and resolution share one computation. */
export function createFeatureTotals(callingOffers: CallingOffers): FeatureTotals {
  // A resolution belongs to one shape only, so that it can be the key.
  const known = new WeakMap<ShapeResolution, FeatureEffect[]>();
  const totals = new Map<string, FeatureTotal>();
  let toInform = 0;
  const effectsOf = (held: readonly string[], resolution: ShapeResolution): FeatureEffect[] => {
    const found = known.get(resolution) ?? impactOf(held, resolution, callingOffers);
    known.set(resolution, found);
    return found;
  };
  return {
    count({ shape, resolution }) {
      if (shape.featureKeys === null) return;
      const effects = effectsOf(shape.featureKeys, resolution);
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

/** R82: whether a user will notice a difference. Effects that the source doesn't state don't count. */
export function isNoticed(effects: readonly FeatureEffect[]): boolean {
  return effects.some(({ effect }) => effect !== 'not-stated');
}

/**
 * The keys of what a user holds that the wants and losses touch; null if no feature can change. Other
 * keys are left out: they would split users of one shape for nothing.
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
  before: readonly string[],
  { wants, losses }: ShapeResolution,
  callingOffers: CallingOffers,
): FeatureEffect[] {
  const after = [...before];
  for (const { loss, goes } of losses) {
    if (!goes || loss.target.kind !== 'license') continue;
    const key = featureKeyOf(loss.target, callingOffers);
    const found = key === null ? -1 : after.indexOf(key);
    if (found >= 0) after.splice(found, 1);
  }
  for (const { want, goes } of wants) {
    if (!goes || want.kind === 'attendee') continue;
    const key = featureKeyOf(want, callingOffers);
    if (key !== null) after.push(key);
  }
  return featureImpact(featureStateOf(before), featureStateOf(after));
}
