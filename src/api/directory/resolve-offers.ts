import type { Queryable } from '../../db/connect';
import { listLicenses } from '../../db/directory/find-directory';
import {
  basicMessaging,
  basicSpaceMeetings,
  isImplicit,
  offerLabel,
} from '../../domain/licenses/offers';
import type { License } from '../../domain/model/license';
import { offerKey } from '../../domain/model/target-key';
import type { Fault } from '../http/problem';
import { resolve, type Named, type Resolved } from './resolve-references';

/**
 * Offers by code, by name, by a license's id, or by a code with a site; `attendee` stands for attendee
 * accounts. In the form that plans compare: `MS`, `EE`, `EE@acme.webex.com`, `attendee@acme.webex.com`.
 */
export async function resolveOffers(
  db: Queryable,
  { orgId }: { orgId: string },
  named: readonly Named[],
): Promise<Resolved> {
  if (named.length === 0) return { ids: [], faults: [] };
  const licenses = await listLicenses(db, orgId);
  return resolve(named, ({ given }) => {
    const found = offersNamed(given, licenses);
    const [offer] = found;
    if (offer === undefined) {
      const detail = `The organization has no offer "${given}". It has ${listed(licenses)}.`;
      return { code: 'unknown-offer', detail };
    }
    if (found.length > 1) {
      const detail = `"${given}" is the name of several offers: use one of their codes: ${found.join(', ')}.`;
      return { code: 'ambiguous-name', detail };
    }
    return offer === basicSpaceMeetings || isImplicit(offer) ? notAlone(offer) : offer;
  });
}

function offersNamed(given: string, licenses: readonly License[]): string[] {
  const byId = licenses.find(({ id }) => id === given);
  if (byId) return [offerKey(byId)];
  const wanted = given.trim().toLowerCase();
  const keys = licenses.flatMap((license) => {
    const { offer, site, name } = license;
    const isNamed = [offer, offerLabel(offer), name].some((one) => one.toLowerCase() === wanted);
    const ofSite = site === null ? [] : [offerKey(license), offerKey({ offer: 'attendee', site })];
    return [...(isNamed ? [offer] : []), ...ofSite.filter((key) => key.toLowerCase() === wanted)];
  });
  return [...new Set(wanted === 'attendee' ? ['attendee'] : keys)].sort();
}

function listed(licenses: readonly License[]): string {
  return [...new Set(licenses.map(({ offer }) => offer))].sort().join(', ');
}

/** R56, R57: Webex adds them by themselves, so a plan can't leave them out. */
function notAlone(offer: string): Omit<Fault, 'pointer'> {
  const detail = isImplicit(offer)
    ? `No plan changes ${offerLabel(offer)}.`
    : `${offerLabel(offer)} comes with messaging and can't be left out alone: leave out ${offerLabel(basicMessaging)}.`;
  return { code: 'not-alone', detail };
}
