import type { ChangeTarget } from './change';

/** What can be granted: an offer, on a site where it has one, or an attendee account on a site. */
export interface Grantable {
  kind: ChangeTarget['kind'];
  offer: string;
  site: string | null;
}

/** A license or attendee account that is held: the license's id, or `attendee:<site>`; stored so. */
export function targetKey(target: ChangeTarget): string {
  return target.kind === 'license' ? target.licenseId : attendeeKey(target.site);
}

/** Sites are stored as they are: in lower case. */
export function attendeeKey(site: string): string {
  return `attendee:${site}`;
}

/** What is granted where a target is to be held. */
export function grantableOf(target: ChangeTarget): Grantable {
  const { kind, site } = target;
  return { kind, offer: target.kind === 'license' ? target.offer : 'attendee', site };
}

/** An offer, with its site where it has one: `MS`, `EE@acme.webex.com`. */
export function offerKey({ offer, site }: Omit<Grantable, 'kind'>): string {
  return site === null ? offer : `${offer}@${site.toLowerCase()}`;
}

/** `MS`, `EE@acme.webex.com`, `attendee@acme.webex.com`, whatever offer an attendee account is named under. */
export function grantKey({ kind, offer, site }: Grantable): string {
  return offerKey({ offer: kind === 'attendee' ? 'attendee' : offer, site });
}
