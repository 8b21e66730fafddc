import type { CsvColumn } from './columns';
import type { CsvCell } from './requested-cells';
import { quotedCell, writeFlag } from './cells';
import { createStamps, type Stamps } from './stamp';
import { lineOfQuoted } from './write-line';
import type { Holdings } from '../model/user';
import { offerOfLicenseId, siteOfLicenseId } from '../model/webex-id';

/** A user as a file shows them, with what they are believed to hold (R80a). */
export interface CsvPerson {
  personId: string;
  email: string;
  displayName: string;
  isSuspended: boolean;
  phoneNumber: string | null;
  holdings: Holdings;
}

/** The same, to be found by what a file says. */
export interface CsvUser extends CsvPerson {
  /** All of them, as `normalizedAddress` makes them. */
  addresses: readonly string[];
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

/** The line of one user, formula-safe, in the order of the columns (R71). */
export type UserLine = (user: CsvPerson) => string;

/** Users who hold the same, as the same object, share the cells that say so. */
export function createUserLines(input: {
  orgId: string;
  columns: readonly CsvColumn[];
  kindOf: LicenseKind;
  exportedAt: Date;
}): UserLine {
  const { columns, kindOf } = input;
  const stampOf = createStamps(input);
  const known = new WeakMap<Holdings, string[]>();
  const personal = columns.flatMap((column, at) => (isFlag(column) ? [] : [{ column, at }]));
  return (user) => {
    const { holdings } = user;
    const flags = known.get(holdings) ?? flagCells(columns, heldBy(holdings, kindOf));
    known.set(holdings, flags);
    const cells = [...flags];
    for (const { column, at } of personal) cells[at] = personalCell(user, column, stampOf);
    return lineOfQuoted(cells);
  };
}

function isFlag({ kind }: CsvColumn): boolean {
  return kind === 'license' || kind === 'attendee';
}

/** Empty where a cell is about the user. */
function flagCells(columns: readonly CsvColumn[], held: Held): string[] {
  return columns.map((column) => {
    if (column.kind === 'license') return writeFlag(held.has(column));
    if (column.kind !== 'attendee') return '';
    return writeFlag(held.has({ kind: 'attendee', offer: 'attendee', site: column.site }));
  });
}

function personalCell(user: CsvPerson, { kind }: CsvColumn, stampOf: Stamps): string {
  switch (kind) {
    case 'user':
      return quotedCell(user.email);
    case 'name':
      return quotedCell(user.displayName);
    case 'status':
      return statusOf(user);
    case 'phone':
      return quotedCell(user.phoneNumber ?? '');
    case 'stamp':
      return stampOf(user);
    case 'license':
    case 'attendee':
      return '';
  }
}

export function statusOf({ isSuspended }: Pick<CsvUser, 'isSuspended'>): string {
  return isSuspended ? 'Suspended' : 'Active';
}
