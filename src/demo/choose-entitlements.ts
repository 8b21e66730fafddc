import type { Holdings } from '../domain/model/user';
import type { Entitlement } from '../domain/model/template';
import type { License } from './api-types';

/** A template for one group that shows what templates do, and how well it does. */
export interface Choice {
  entitlements: Entitlement[];
  gives: string | null;
  takes: string | null;
  /** Users who would lose Calling for good (R68): the fewer, the better. */
  losesCalling: number;
  score: number;
}

const free = ['FMS', 'FTM', 'FTC', 'FSS'];
/** What an administrator is most likely to hand out to a team. */
const favourites = ['MS', 'EE', 'CF'];

function isTradable({ offer, service }: License): boolean {
  return !free.includes(offer) && service !== 'calling' && service !== 'contact-center';
}

function byFavour(a: License, b: License): number {
  const rank = ({ offer }: License) =>
    favourites.includes(offer) ? favourites.indexOf(offer) : favourites.length;
  return rank(a) - rank(b) || (a.licenseId < b.licenseId ? -1 : 1);
}

function nameOf({ label, site }: License): string {
  return site === null ? label : `${label} on ${site}`;
}

function entitlementOf({ offer, site }: License): Entitlement {
  return site === null ? { offer } : { offer, site, accountType: 'host' };
}

/**
 * Something to give that most of the group lack and that has units, and everything else to take that
 * isn't free: with preserve off a template takes what it doesn't grant. Where nobody holds anything
 * that could be taken, it leaves out Call on Webex.
 */
export function chooseEntitlements(licenses: License[], members: Holdings[]): Choice {
  const holders = (license: License) =>
    members.filter(({ licenses: held }) => held.includes(license.licenseId)).length;
  const offerHolders = ({ offer, site }: License) =>
    members.filter(({ licenses: held }) =>
      licenses.some(
        (one) => one.offer === offer && one.site === site && held.includes(one.licenseId),
      ),
    ).length;
  const tradable = licenses.filter(isTradable).sort(byFavour);
  const needed = (license: License) => members.length - offerHolders(license);
  const left = (license: License) => license.unitsLeft ?? Infinity;
  const lacking = tradable.filter((license) => needed(license) > 0 && left(license) > 0);
  const give = lacking.find((license) => left(license) >= needed(license)) ?? lacking[0];
  const isGiven = (one: License) => one.offer === give?.offer && one.site === give.site;
  const takes = tradable.filter((license) => !isGiven(license) && holders(license) > 0);
  const has = (offer: string) => licenses.some((license) => license.offer === offer);
  const callOnWebex = takes.length === 0 && has('FTC') ? 'Call on Webex' : null;
  const losesCalling = members.filter(({ licenses: held }) =>
    licenses.some(
      (one) => one.service === 'calling' && one.offer !== 'FTC' && held.includes(one.licenseId),
    ),
  ).length;
  const basics = [has('FMS') ? ['FMS'] : [], has('FTC') && callOnWebex === null ? ['FTC'] : []];
  const taken = takes.length === 0 ? callOnWebex : [...new Set(takes.map(nameOf))].join(', ');
  return {
    entitlements: [
      ...basics.flat().map((offer) => ({ offer })),
      ...(give ? [entitlementOf(give)] : []),
    ],
    gives: give ? nameOf(give) : null,
    takes: taken,
    losesCalling,
    score:
      (give ? 2 : 0) +
      (takes.length > 0 ? 2 : callOnWebex ? 1 : 0) -
      losesCalling +
      (members.length >= 8 ? 3 : 0),
  };
}
