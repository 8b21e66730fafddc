import { Readable } from 'node:stream';
import type { Queryable } from '../../db/connect';
import { anonymousFeedback, feedbackOf, type FeedbackRow } from '../../db/rollout/feedback';
import { reportRows } from '../../db/rollout/report-rows';
import { writeCell } from '../../domain/csv/cells';
import { byteOrderMark, writeLine } from '../../domain/csv/write-line';
import type { CallingOffers } from '../../domain/model/settings';
import { pagesInTurn } from '../http/pages-in-turn';
import { createReportLines, reportColumns } from './report-lines';

const pageRows = 1_000;

export interface ReportInput {
  db: Queryable;
  rolloutId: string;
  callingOffers: CallingOffers;
}

/**
 * The report of a rollout as CSV (UTF-8 with a byte-order mark for spreadsheets), read in pages as
 * fast as the reader reads it. Feedback without a user has rows of its own at the end (R85).
 */
export function reportCsv(input: ReportInput): Readable {
  return Readable.from(pagesInTurn(pages(input)), { objectMode: false });
}

async function* pages({ db, rolloutId, callingOffers }: ReportInput): AsyncGenerator<string> {
  yield byteOrderMark + line([...reportColumns]);
  const readPage = reportRows(db, rolloutId);
  const lineOf = createReportLines(callingOffers);
  for (let afterSeq: number | undefined = 0; afterSeq !== undefined;) {
    const rows = await readPage({ afterSeq, limit: pageRows });
    const said = await feedbackOf(db, rolloutId, rows);
    const lines = rows.map((row) => lineOf(row, saidBy(said.get(row.personId) ?? [])));
    if (lines.length > 0) yield lines.join('');
    afterSeq = rows.length < pageRows ? undefined : rows.at(-1)?.seq;
  }
  for (const one of await anonymousFeedback(db, rolloutId)) {
    yield line([...reportColumns.slice(1).map(() => ''), saidBy([one])]);
  }
}

/** Cells that a spreadsheet would run as formulas get an apostrophe. */
function line(cells: readonly string[]): string {
  return writeLine(cells.map(writeCell));
}

function saidBy(said: readonly FeedbackRow[]): string {
  return said.map(({ verdict, text }) => `${verdict}: ${text}`).join('; ');
}
