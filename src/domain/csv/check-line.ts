import type { CsvFault, CsvRemark } from './faults';
import { hiddenHint, quoted } from '../model/text/wording';
import type { CsvRow, HeadedCell } from './read-row';
import { isSameText } from './cells';
import { statusOf, type CsvUser, type Held } from './user-line';
import type { CsvWish } from './requested-cells';
import { advancedMessaging, basicMessaging, basicSpaceMeetings } from '../licenses/offers';

export interface CheckRowInput {
  row: CsvRow;
  user: CsvUser;
  held: Held;
  /** Digest of what the user is believed to hold now (R77, R80a). */
  digest: string;
}

export interface CheckedRow {
  /** Null: the line is left out; a remark gives the reason. */
  wish: CsvWish | null;
  remarks: CsvRemark[];
  faults: CsvFault[];
}

/** Compares a line with its user: what it asks for, and what is wrong with it (R74, R77, R78). */
export function checkRow(input: CheckRowInput): CheckedRow {
  const { row, user, held, digest } = input;
  const { line, stamp } = row;
  const remarks = readOnlyRemarks(row, user);
  if (stamp && stamp.digest !== digest) {
    const since = stamp.exportedAt.toISOString();
    const detail = `The licenses of ${user.email} have changed since the export of ${since}.`;
    remarks.push({ line, column: null, user: user.email, code: 'stale', detail, refused: true });
  }
  const news = row.cells.filter((cell) => held.has(cell) !== cell.granted);
  const faults = [...row.faults, ...aloneFaults(row, news, held), ...hostFaults(row, news, held)];
  if (faults.length > 0 || remarks.some(({ refused }) => refused)) {
    return { wish: null, remarks, faults };
  }
  // A stamped line asks only for what it changes; planning compares the rest by the stamp.
  const cells = (stamp ? news : row.cells).map(({ kind, offer, site, granted }) => {
    return { kind, offer, site, granted };
  });
  return { wish: { line, cells, ...(stamp ? { stamp: digest } : {}) }, remarks, faults };
}

/** R74, R78: refuses a line that is marked suspended, or that edits a read-only column. */
function readOnlyRemarks({ line, readOnly }: CsvRow, user: CsvUser): CsvRemark[] {
  return readOnly.flatMap(({ kind, header, text }): CsvRemark[] => {
    const remark = (code: CsvRemark['code'], detail: string, refused = true): CsvRemark[] => [
      { line, column: header, user: user.email, code, detail, refused },
    ];
    switch (kind) {
      case 'name':
        if (isSameText(text, user.displayName)) return [];
        return remark(
          'read-only',
          `The name can't be changed by a file: ${quoted(text)} isn't the name in the directory.${hiddenHint(text)}`,
        );
      case 'status': {
        const status = text.trim().toLowerCase();
        if (status === 'suspended') {
          return remark(
            'suspended',
            `${user.email} is marked as suspended, so the line is left out.`,
          );
        }
        if (status === statusOf(user).toLowerCase()) return [];
        return remark(
          'read-only',
          `The status can't be changed by a file: ${quoted(text)} isn't the status in the directory.${hiddenHint(text)}`,
        );
      }
      case 'phone': {
        const isSame = isSameText(text, user.phoneNumber ?? '');
        if (!text.trim().startsWith('+')) {
          const detail = `${quoted(text)} has no leading +, so the phone number is ambiguous.${hiddenHint(text)}`;
          return remark('phone-without-plus', detail, !isSame);
        }
        if (isSame) return [];
        return remark(
          'read-only',
          `The phone number can't be changed by a file: ${quoted(text)} isn't the number in the directory.${hiddenHint(text)}`,
        );
      }
    }
  });
}

/** R56: FTM is added and removed together with messaging; a cell that changes nothing is allowed. */
function aloneFaults(row: CsvRow, news: readonly HeadedCell[], held: Held): CsvFault[] {
  const cell = news.find(({ offer }) => offer === basicSpaceMeetings);
  if (!cell || row.faults.length > 0) return [];
  const said = (offer: string) => row.cells.find((other) => other.offer === offer)?.granted;
  const stays = (offer: string) => said(offer) ?? held.has({ kind: 'license', offer, site: null });
  const isAlone = cell.granted
    ? said(basicMessaging) !== true && said(advancedMessaging) !== true
    : said(basicMessaging) !== false && (stays(basicMessaging) || stays(advancedMessaging));
  if (!isAlone) return [];
  const { header, granted } = cell;
  const detail = `${header} belongs to messaging and can't be ${granted ? 'added' : 'removed'} alone.`;
  return [{ line: row.line, column: header, code: 'not-alone', detail }];
}

/** R35: a host becomes an attendee only if the same line has FALSE for all host licenses of the site. */
function hostFaults(row: CsvRow, news: readonly HeadedCell[], held: Held): CsvFault[] {
  const says = (offer: string, site: string | null) =>
    row.cells.find((cell) => cell.kind === 'license' && cell.offer === offer && cell.site === site);
  return news.flatMap(({ kind, site, granted, header }): CsvFault[] => {
    // The column of an attendee always names its site.
    if (kind !== 'attendee' || site === null || !granted) return [];
    if (!held.hostOffers(site).some((offer) => says(offer, site) === undefined)) return [];
    const detail = `The user is a host on ${site}, and the line doesn't set every host license there to FALSE.`;
    return [{ line: row.line, column: header, code: 'host-and-attendee', detail }];
  });
}
