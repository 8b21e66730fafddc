import { compareText } from '../model/text/compare-text';
import type { Entitlement } from '../model/template';
import type { License } from '../model/license';
import {
  advancedMessaging,
  basicMessaging,
  basicSpaceMeetings,
  dependencyRank,
  freeScreenShare,
  offerWithCode,
} from '../licenses/offers';
import type { PlanWarning } from '../model/warning';
import {
  dependencyFaults,
  exclusionFaults,
  siteFaults,
  type Located,
  type TemplateFault,
  type ValidateInput,
} from './template-faults';

export interface ValidatedTemplate {
  /** As stored: sites in lower case, account types set, FMS added to MS (R53), sorted. */
  normalized: Entitlement[];
  faults: TemplateFault[];
  warnings: PlanWarning[];
}

/** Checks a template against the organization and reports all faults at once; saves nothing. */
export function validateTemplate(input: ValidateInput): ValidatedTemplate {
  const located = input.entitlements.map((entitlement, i): Located => {
    const pointer = `/entitlements/${i}`;
    return { pointer, entitlement: withDefaults(entitlement, input.licenses) };
  });
  const faults = [
    ...located.flatMap((one) => siteFaults(one, input)),
    ...duplicateFaults(located),
    ...dependencyFaults(located),
    ...exclusionFaults(located, input.settings.callingOffers),
  ];
  const order = new Map(located.map(({ pointer }, i) => [pointer, i]));
  const place = ({ pointer }: TemplateFault) =>
    order.get(pointer.split('/').slice(0, 3).join('/')) ?? 0;
  return {
    normalized: normalize(located, input),
    faults: faults.sort((a, b) => place(a) - place(b)),
    warnings: warningsFor(located),
  };
}

/** The default account type of an offer with sites is host (R34). */
function withDefaults(entitlement: Entitlement, licenses: readonly License[]): Entitlement {
  const { offer, site, accountType } = entitlement;
  if (site === undefined) return entitlement;
  const hasSites = licenses.some((license) => license.offer === offer && license.site !== null);
  return {
    offer,
    site: site.toLowerCase(),
    ...(accountType !== undefined || hasSites ? { accountType: accountType ?? 'host' } : {}),
  };
}

function duplicateFaults(located: readonly Located[]): TemplateFault[] {
  const seen = new Map<string, string>();
  return located.flatMap(({ pointer, entitlement }) => {
    const key = entitlementKey(entitlement);
    const first = seen.get(key);
    seen.set(key, first ?? pointer);
    if (first === undefined) return [];
    const detail = `This repeats the entitlement at ${first}; a user gets it once.`;
    return [{ pointer, code: 'duplicate', detail, rule: 'R8' }];
  });
}

function normalize(located: readonly Located[], { settings }: ValidateInput): Entitlement[] {
  const byKey = new Map<string, Entitlement>();
  for (const { entitlement } of located) {
    if (isUncontrolled(entitlement.offer)) continue;
    byKey.set(entitlementKey(entitlement), entitlement);
    if (entitlement.offer === advancedMessaging) {
      byKey.set(basicMessaging, { offer: basicMessaging });
    }
  }
  const rank = ({ offer }: Entitlement) => dependencyRank(offer, settings.callingOffers);
  const sorted = [...byKey].sort(([a, x], [b, y]) => rank(x) - rank(y) || compareText(a, b));
  return sorted.map(([, entitlement]) => entitlement);
}

function warningsFor(located: readonly Located[]): PlanWarning[] {
  const offers = new Set(located.map(({ entitlement }) => entitlement.offer));
  const warnings: PlanWarning[] = [];
  if (offers.has(freeScreenShare)) {
    const text = `${offerWithCode(freeScreenShare)} is part of every user and can't be controlled, so it was left out.`;
    warnings.push({ code: 'implicit-offer', text, rule: 'R57' });
  }
  if (offers.has(basicSpaceMeetings)) {
    const text = `${offerWithCode(basicSpaceMeetings)} is part of every messaging license and can't be controlled alone, so it was left out.`;
    warnings.push({ code: 'uncontrolled-offer', text, rule: 'R56' });
  }
  return warnings;
}

function isUncontrolled(offer: string): boolean {
  return offer === freeScreenShare || offer === basicSpaceMeetings;
}

function entitlementKey({ offer, site, accountType }: Entitlement): string {
  return [offer, ...(site === undefined ? [] : [site, accountType ?? ''])].join(' ');
}
