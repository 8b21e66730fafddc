import { quoted, type CsvFault, type CsvRemark } from './faults';
import type { CsvRow, HeadedCell } from './read-row';
import { saysSame } from './cells';
import { statusOf, type CsvUser, type Held } from './user-line';
import type { CsvWish } from './requested-cells';
import { advancedMessaging, basicMessaging, basicSpaceMeetings } from '../licenses/offers';

export interface CheckRowInput {
  row: CsvRow;
  user: CsvUser;
  held: Held;
  /** Of what the user is believed to hold now (R77, R80a). */
  digest: string;
}

export interface CheckedRow {
  /** Null: the line is left out, and a remark says why. */
  wish: CsvWish | null;
  remarks: CsvRemark[];
  faults: CsvFault[];
}

/** A line beside the user it is about: what is left of it, and what there is to say (R74, R77, R78). */
export function checkRow(input: CheckRowInput): CheckedRow {
  const { row, user, held, digest } = input;
  const { line, stamp } = row;
  const remarks = readOnlyRemarks(row, user);
  if (stamp && stamp.digest !== digest) {
    const since = stamp.exportedAt.toISOString();
    const detail = `The licenses of ${user.email} have changed since the export of ${since} (R77).`;
    remarks.push({ line, column: null, user: user.email, code: 'stale', detail, refused: true });
  }
  const news = row.cells.filter((cell) => held.has(cell) !== cell.granted);
  const faults = [...row.faults, ...aloneFaults(row, news, held), ...hostFaults(row, news, held)];
  if (faults.length > 0 || remarks.some(({ refused }) => refused)) {
    return { wish: null, remarks, faults };
  }
  // What a stamped line leaves as it is needs no word: planning sees whether it still is.
  const cells = (stamp ? news : row.cells).map(({ kind, offer, site, granted }) => {
    return { kind, offer, site, granted };
  });
  return { wish: { line, cells, ...(stamp ? { stamp: digest } : {}) }, remarks, faults };
}

/** R74, R78: a line is refused that is marked suspended or tries to change what no file can. */
function readOnlyRemarks({ line, readOnly }: CsvRow, user: CsvUser): CsvRemark[] {
  return readOnly.flatMap(({ kind, header, text }): CsvRemark[] => {
    const remark = (code: CsvRemark['code'], detail: string, refused = true): CsvRemark[] => [
      { line, column: header, user: user.email, code, detail, refused },
    ];
    switch (kind) {
      case 'name':
        if (saysSame(text, user.displayName)) return [];
        return remark('read-only', `${quoted(text)} isn't the name in the directory (R74).`);
      case 'status': {
        const status = text.trim().toLowerCase();
        if (status === 'suspended') {
          return remark('suspended', `${user.email} is marked suspended (R74).`);
        }
        if (status === statusOf(user).toLowerCase()) return [];
        return remark('read-only', `${quoted(text)} isn't the status in the directory (R74).`);
      }
      case 'phone': {
        const isSame = saysSame(text, user.phoneNumber ?? '');
        if (!text.trim().startsWith('+')) {
          const detail = `${quoted(text)} has no leading +: which number is meant isn't guessed (R78).`;
          return remark('phone-without-plus', detail, !isSame);
        }
        if (isSame) return [];
        return remark('read-only', `${quoted(text)} isn't the number in the directory (R74).`);
      }
    }
  });
}

/** R56: FTM comes and goes with messaging; a cell that says what is the case already does no harm. */
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
  const detail = `${header} comes with messaging and can't be ${granted ? 'given' : 'taken'} alone (R56).`;
  return [{ line: row.line, column: header, code: 'not-alone', detail }];
}

/** R35: attendee for a host is asked for only together with FALSE for what makes them host. */
function hostFaults(row: CsvRow, news: readonly HeadedCell[], held: Held): CsvFault[] {
  const says = (offer: string, site: string | null) =>
    row.cells.find((cell) => cell.kind === 'license' && cell.offer === offer && cell.site === site);
  return news.flatMap(({ kind, site, granted, header }): CsvFault[] => {
    if (kind !== 'attendee' || !granted) return [];
    if (!held.hostOffers(site).some((offer) => says(offer, site) === undefined)) return [];
    const detail = `The user is host on ${site ?? ''}, and no cell of the line takes that (R35).`;
    return [{ line: row.line, column: header, code: 'host-and-attendee', detail }];
  });
}
