import { at } from '../model/at';
import { offerKey } from '../model/target-key';
import type { License } from '../model/license';
import {
  advancedMessaging,
  advancedSpaceMeetings,
  basicMessaging,
  basicSpaceMeetings,
  callOnWebex,
  isLabeled,
  offerLabel,
} from '../licenses/offers';

/** What a column of `users.csv` is about (R71). */
export type CsvColumn =
  | { kind: 'user' | 'name' | 'status' | 'phone' | 'stamp'; header: string }
  | { kind: 'license'; header: string; offer: string; site: string | null }
  | { kind: 'attendee'; header: string; site: string };

/** Columns of every file, whatever the organization has bought (R71). */
const firstOffers = [
  basicMessaging,
  advancedMessaging,
  basicSpaceMeetings,
  advancedSpaceMeetings,
  callOnWebex,
] as const;

export const userHeader = 'User ID/Email (Required)';

export interface CsvColumnsInput {
  licenses: readonly Pick<License, 'offer' | 'site' | 'name'>[];
  /** Sites where the attendee account feature is on (R38). */
  attendeeSites: readonly string[];
}

/**
 * The columns of an organization's files: the user, the five services by name, every other license
 * once (whatever the number of subscriptions), attendee accounts, and the stamp (R71, R77).
 */
export function csvColumns({ licenses, attendeeSites }: CsvColumnsInput): CsvColumn[] {
  const firsts = firstOffers.map((offer) => licenseColumn({ offer, site: null, name: offer }));
  const others = licenses.map(licenseColumn);
  const byKey = new Map([...firsts, ...others].map((column) => [offerKey(column), column]));
  // Licenses of one kind may have several names: the first by alphabet, whatever their order.
  for (const column of others) {
    const known = byKey.get(offerKey(column));
    if (known && column.header < known.header) byKey.set(offerKey(column), column);
  }
  const sorted = [...byKey.values()].slice(firsts.length).sort(byHeader);
  const sites = [...new Set(attendeeSites.map((site) => site.toLowerCase()))].sort();
  return [
    { kind: 'user', header: userHeader },
    { kind: 'name', header: 'Display Name' },
    { kind: 'status', header: 'User Status' },
    { kind: 'phone', header: 'Phone Number' },
    ...firsts,
    ...sorted,
    ...sites.map((site) => ({ kind: 'attendee' as const, header: attendeeHeader(site), site })),
    { kind: 'stamp', header: 'Seatwise Stamp' },
  ];
}

export function attendeeHeader(site: string): string {
  return `Attendee (${site})`;
}

/**
 * Finds columns by headers as people edit them: case and blanks don't count, and a license may be
 * named by its offer code, which stays the same when its name changes.
 */
export function columnFinder(columns: readonly CsvColumn[]): (header: string) => CsvColumn | null {
  const byHeader = new Map(columns.map((column) => [normalized(column.header), column]));
  const byCode = new Map(
    columns.flatMap((column) =>
      column.kind === 'license' ? [[normalized(codeHeader(column)), column] as const] : [],
    ),
  );
  return (header) => {
    const coded = /\[(\w+)\]((?:\s*\([^()]*\))?)\s*$/.exec(header);
    const code = coded ? `${at(coded, 1)}${at(coded, 2)}` : header;
    return byHeader.get(normalized(header)) ?? byCode.get(normalized(code)) ?? null;
  };
}

function licenseColumn({ offer, site, name }: CsvColumnsInput['licenses'][number]) {
  const lowered = site?.toLowerCase() ?? null;
  // Webex's names can change and repeat, so the offer code is added; our own labels are unique.
  const label = isLabeled(offer) ? offerLabel(offer) : `${name} [${offer}]`;
  const header = lowered === null ? label : `${label} (${lowered})`;
  return { kind: 'license' as const, header, offer, site: lowered };
}

function codeHeader({ offer, site }: Extract<CsvColumn, { kind: 'license' }>): string {
  return site === null ? offer : `${offer} (${site})`;
}

function normalized(header: string): string {
  return header.toLowerCase().replace(/\s+/g, '');
}

function byHeader(a: CsvColumn, b: CsvColumn): number {
  return a.header < b.header ? -1 : a.header > b.header ? 1 : 0;
}
