import { basicMessaging, callOnWebex, isFreeOffer, offerLabel } from '../domain/licenses/offers';
import type { Holdings } from '../domain/model/user';
import type { Entitlement } from '../domain/model/template';
import type { License } from './api-types';

/** A template for one group, and how well it shows what templates do. */
export interface Choice {
  entitlements: Entitlement[];
  /** Name of the license that the template adds; null: none. */
  adds: string | null;
  /** Names of the licenses that it removes; null: none. */
  removes: string | null;
  /** Users who would lose Calling permanently (R68): the fewer, the better. */
  losesCalling: number;
  score: number;
}

/** What an administrator is most likely to hand out to a team. */
const favorites = ['MS', 'EE', 'CF'];
/** A group of this size shows waves of several users. */
const goodSize = 8;

/**
 * Grants a license that most of the group lack and that has units, and the free basics. With preserve
 * off, everything else that can be removed is removed. If nobody holds anything like that, the template
 * leaves out Call on Webex, so that the plan still shows a removal.
 */
export function chooseEntitlements(licenses: License[], members: Holdings[]): Choice {
  const tradable = licenses.filter(isTradable).sort(byFavor);
  const added = chooseAddition(licenses, tradable, members);
  const removed = tradable.filter(
    (license) => !isSameOffer(license, added) && holders([license], members) > 0,
  );
  const sells = (offer: string) => licenses.some((license) => license.offer === offer);
  const dropsCallOnWebex = removed.length === 0 && sells(callOnWebex);
  const basics = [basicMessaging, ...(dropsCallOnWebex ? [] : [callOnWebex])].filter(sells);
  const losesCalling = holders(licenses.filter(isPaidCalling), members);
  return {
    entitlements: [...basics.map((offer) => ({ offer })), ...(added ? [entitlementOf(added)] : [])],
    adds: added ? nameOf(added) : null,
    removes: dropsCallOnWebex ? offerLabel(callOnWebex) : namesOf(removed),
    losesCalling,
    score:
      (added ? 2 : 0) +
      removalScore(removed.length > 0, dropsCallOnWebex) -
      losesCalling +
      (members.length >= goodSize ? 3 : 0),
  };
}

/** The favorite license that has units for all who lack it; else one that has some units. */
function chooseAddition(
  licenses: License[],
  tradable: License[],
  members: Holdings[],
): License | undefined {
  const needed = (license: License) =>
    members.length -
    holders(
      licenses.filter((one) => isSameOffer(one, license)),
      members,
    );
  const left = ({ unitsLeft }: License) => unitsLeft ?? Infinity;
  const lacking = tradable.filter((license) => needed(license) > 0 && left(license) > 0);
  return lacking.find((license) => left(license) >= needed(license)) ?? lacking[0];
}

/** How many members hold one of these licenses. */
function holders(licenses: License[], members: Holdings[]): number {
  const ids = new Set(licenses.map(({ licenseId }) => licenseId));
  return members.filter((member) => member.licenses.some((id) => ids.has(id))).length;
}

function removalScore(removesPaid: boolean, dropsCallOnWebex: boolean): number {
  if (removesPaid) return 2;
  return dropsCallOnWebex ? 1 : 0;
}

function isTradable({ offer, service }: License): boolean {
  return !isFreeOffer(offer) && service !== 'calling' && service !== 'contact-center';
}

function isPaidCalling({ offer, service }: License): boolean {
  return service === 'calling' && offer !== callOnWebex;
}

function isSameOffer(one: License, other: License | undefined): boolean {
  return one.offer === other?.offer && one.site === other.site;
}

function byFavor(a: License, b: License): number {
  const rank = ({ offer }: License) =>
    favorites.includes(offer) ? favorites.indexOf(offer) : favorites.length;
  return rank(a) - rank(b) || (a.licenseId < b.licenseId ? -1 : 1);
}

function nameOf({ label, site }: License): string {
  return site === null ? label : `${label} on ${site}`;
}

function namesOf(licenses: License[]): string | null {
  return licenses.length === 0 ? null : [...new Set(licenses.map(nameOf))].join(', ');
}

function entitlementOf({ offer, site }: License): Entitlement {
  return site === null ? { offer } : { offer, site, accountType: 'host' };
}
