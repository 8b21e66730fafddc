import { offerWithCode } from '../../licenses/offers';
import type { PlanWarning } from '../../model/warning';
import { counted } from '../../model/text/wording';
import type { PlanFigures } from './plan-figures';

/** Users for whom no unit is left (R46). */
export function unitWarnings(
  { units }: Pick<PlanFigures, 'units'>,
  ringCount: number,
): PlanWarning[] {
  const warnings = units.flatMap(({ waiting, offer, site }): PlanWarning[] => {
    if (waiting === 0) return [];
    const text = `No unit of ${nameOnSite(offer, site)} is left for ${counted(waiting, 'user')}.`;
    return [{ code: 'units-short', text, rule: 'R46' }];
  });
  if (ringCount > 0) {
    const rings = counted(ringCount, 'ring of users waits', 'rings of users wait');
    const text = `${rings} for each other's units. None of these users is served.`;
    warnings.push({ code: 'rings', text, rule: 'R46' });
  }
  return warnings;
}

/** What `grantKey` names, for people. */
export function nameOfGrant(key: string): string {
  const [offer = '', site] = key.split('@');
  return offer === 'attendee' ? `the attendee account on ${site ?? ''}` : nameOnSite(offer, site);
}

/** `Webex Meetings Suite (EE) on acme.webex.com`. */
export function nameOnSite(offer: string, site: string | null | undefined): string {
  return site ? `${offerWithCode(offer)} on ${site}` : offerWithCode(offer);
}
