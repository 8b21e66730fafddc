import type { CsvColumn } from './columns';
import type { CsvCell } from './requested-cells';
import { writeCell, writeFlag } from './cells';
import type { Holdings } from '../model/user';
import { offerOfLicenseId, siteOfLicenseId } from '../model/webex-id';

/** A user as a file shows them, with what they are believed to hold (R80a). */
export interface CsvUser {
  personId: string;
  email: string;
  /** All of them, as `normalizedAddress` makes them. */
  addresses: readonly string[];
  displayName: string;
  isSuspended: boolean;
  phoneNumber: string | null;
  holdings: Holdings;
}

/** Answers per cell what a user holds. */
export interface Held {
  has(cell: Pick<CsvCell, 'kind' | 'offer' | 'site'>): boolean;
  /** Offers that make the user a host on a site. */
  hostOffers(site: string | null): string[];
}

/** Offer and site of a license id: from the organization's list, else read from the id itself. */
export type LicenseKind = (licenseId: string) => { offer: string; site: string | null };

export function licenseKinds(
  licenses: readonly { id: string; offer: string; site: string | null }[],
): LicenseKind {
  const known = new Map(
    licenses.map(({ id, offer, site }) => [id, { offer, site: site?.toLowerCase() ?? null }]),
  );
  return (licenseId) =>
    known.get(licenseId) ?? {
      offer: offerOfLicenseId(licenseId) ?? 'unknown',
      site: siteOfLicenseId(licenseId) ?? null,
    };
}

/** What a user holds, per cell. A host on a site never counts as an attendee there (R35). */
export function heldBy({ licenses, attendeeSites }: Holdings, kindOf: LicenseKind): Held {
  const held = licenses.map(kindOf);
  const hostOffers = (site: string | null) =>
    held.flatMap((one) => (site !== null && one.site === site ? [one.offer] : []));
  return {
    hostOffers,
    has: ({ kind, offer, site }) =>
      kind === 'license'
        ? held.some((one) => one.offer === offer && one.site === site)
        : hostOffers(site).length === 0 && (attendeeSites ?? []).includes(site ?? ''),
  };
}

/** The cells of one user's line, formula-safe, in the order of the columns (R71). */
export function userCells(
  user: CsvUser,
  columns: readonly CsvColumn[],
  { held, stamp }: { held: Held; stamp: string },
): string[] {
  return columns.map((column) => {
    switch (column.kind) {
      case 'user':
        return writeCell(user.email);
      case 'name':
        return writeCell(user.displayName);
      case 'status':
        return statusOf(user);
      case 'phone':
        return writeCell(user.phoneNumber ?? '');
      case 'license':
        return writeFlag(held.has(column));
      case 'attendee':
        return writeFlag(held.has({ kind: 'attendee', offer: 'attendee', site: column.site }));
      case 'stamp':
        return stamp;
    }
  });
}

export function statusOf({ isSuspended }: Pick<CsvUser, 'isSuspended'>): string {
  return isSuspended ? 'Suspended' : 'Active';
}
