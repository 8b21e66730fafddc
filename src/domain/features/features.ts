import { compareText } from '../model/text/compare-text';
import type { CallingOffers } from '../model/settings';
import { advancedMessaging, basicMessaging, callOnWebex, serviceOf } from '../licenses/offers';

/** What a user can do with Webex and what depends on licenses (R86). */
export const features = [
  'message-directly',
  'message-in-space',
  'share-desktop-outside-call',
  'share-desktop-in-call',
  'schedule-in-space',
  'call-app',
  'call-menus',
  'join-on-site',
  'schedule-on-site',
  'whiteboard',
  'annotate',
  'see-presence',
] as const;

export type Feature = (typeof features)[number];

/** `not-stated`: the source doesn't say. `limited`: only while sharing in an active call. */
export type Availability = 'yes' | 'no' | 'limited' | 'not-stated' | 'with-host-license';

type Row = readonly [
  allOn: Availability,
  messagingOff: Availability,
  callingOffPaid: Availability,
  callingOffUnpaid: Availability,
  bothOffPaid: Availability,
  bothOffUnpaid: Availability,
];

const host = 'with-host-license';

const part = 'limited';

const open = 'not-stated';

/** Features by license state (R86). Paid: with paid calling; unpaid: without. */
// prettier-ignore
const table: Record<Feature, Row> = {
  //                             all on  messaging off  calling off    both off
  //                                                    paid   unpaid  paid   unpaid
  'message-directly':           ['yes',  'no',          'yes', 'yes',  'no',  'no'],
  'message-in-space':           ['yes',  'no',          'yes', 'yes',  'no',  'no'],
  'share-desktop-outside-call': ['yes',  'no',          'yes', 'yes',  'no',  'no'],
  'share-desktop-in-call':      ['yes',  'yes',         open,  open,   open,  open],
  'schedule-in-space':          ['yes',  'no',          'yes', 'yes',  'no',  'no'],
  'call-app':                   ['yes',  'yes',         'no',  'no',   'no',  'no'],
  'call-menus':                 ['yes',  'yes',         'yes', 'no',   'yes', 'no'],
  'join-on-site':               ['yes',  'yes',         'yes', 'yes',  'yes', 'yes'],
  'schedule-on-site':           [host,   host,          host,  host,   host,  host],
  'whiteboard':                 ['yes',  open,          open,  open,   open,  open],
  'annotate':                   ['yes',  part,          open,  open,   open,  open],
  'see-presence':               ['yes',  'yes',         'yes', 'yes',  'yes', 'yes'],
};

/** The part of what a user holds that features depend on. */
export interface FeatureState {
  messaging: boolean;
  /** Call on Webex. */
  calling: boolean;
  /** Any Webex Calling license, or Unified CM. */
  paidCalling: boolean;
  /** Sites with a host license, sorted. */
  hostSites: string[];
}

export type FeatureEffectKind = 'lost' | 'gained' | 'limited' | 'not-stated';

/** The effect on one feature of one user. `site` is the meeting site of the feature, if it has one. */
export interface FeatureEffect {
  feature: Feature;
  site: string | null;
  effect: FeatureEffectKind;
}

/** What a license counts as: `messaging`, `calling`, `paid-calling`, `host@<site>`. Null: nothing. */
export function featureKeyOf(
  { offer, site }: { offer: string; site: string | null },
  callingOffers: CallingOffers,
): string | null {
  if (site !== null) return `host@${site.toLowerCase()}`;
  if (offer === basicMessaging || offer === advancedMessaging) return 'messaging';
  if (offer === callOnWebex) return 'calling';
  return serviceOf(offer, callingOffers) === 'calling' ? 'paid-calling' : null;
}

export function featureStateOf(keys: readonly string[]): FeatureState {
  const has = new Set(keys);
  const hosts = [...has].filter((key) => key.startsWith('host@'));
  return {
    messaging: has.has('messaging'),
    calling: has.has('calling'),
    paidCalling: has.has('paid-calling'),
    hostSites: hosts.map((key) => key.slice('host@'.length)).sort(compareText),
  };
}

export function availabilityOf(feature: Feature, state: FeatureState): Availability {
  return table[feature][columnOf(state)];
}

/** R86: features that a user loses or gains. An effect that the source doesn't state never counts as lost. */
export function featureImpact(before: FeatureState, after: FeatureState): FeatureEffect[] {
  return [...effectsOfServices(before, after), ...effectsOfSites(before, after)];
}

function effectsOfServices(before: FeatureState, after: FeatureState): FeatureEffect[] {
  if (columnOf(before) === columnOf(after)) return [];
  return features.flatMap((feature) => {
    const effect = effectOf(availabilityOf(feature, before), availabilityOf(feature, after));
    return effect === null ? [] : [{ feature, site: null, effect }];
  });
}

/** Only hosts of a site can schedule meetings on it, whatever else they hold. */
function effectsOfSites(before: FeatureState, after: FeatureState): FeatureEffect[] {
  const feature = 'schedule-on-site' as const;
  const sites = [...new Set([...before.hostSites, ...after.hostSites])].sort(compareText);
  return sites.flatMap((site): FeatureEffect[] => {
    const isHost = after.hostSites.includes(site);
    if (isHost === before.hostSites.includes(site)) return [];
    return [{ feature, site, effect: isHost ? 'gained' : 'lost' }];
  });
}

function effectOf(before: Availability, after: Availability): FeatureEffectKind | null {
  if (before === 'not-stated' || after === 'not-stated') return 'not-stated';
  if (before === after) return null;
  switch (after) {
    case 'yes':
      return 'gained';
    case 'no':
      return 'lost';
    case 'limited':
      return before === 'yes' ? 'limited' : 'gained';
    case 'with-host-license':
      return null;
  }
}

function columnOf({ messaging, calling, paidCalling }: FeatureState): 0 | 1 | 2 | 3 | 4 | 5 {
  if (calling) return messaging ? 0 : 1;
  if (messaging) return paidCalling ? 2 : 3;
  return paidCalling ? 4 : 5;
}

/** How many users lose or gain one feature (R86). */
export interface FeatureTotal {
  feature: Feature;
  /** The meeting site of the feature; null if it has none. */
  site: string | null;
  lost: number;
  gained: number;
  /** Users who keep it, but only while sharing in an active call. */
  limited: number;
  /** Users for whom the source states no effect; never counted as lost. */
  notStated: number;
}
