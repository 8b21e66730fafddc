import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import {
  analyzeCsvRows,
  findCsvImport,
  insertCsvImport,
  type CsvImportRow,
} from '../../db/csv/imports';
import { csvImportAddress } from '../http/parameters/addresses';
import { readCsvInto, type Intake } from './read-csv-into';
import { digits } from '../../domain/model/text/wording';
import { csvLayout } from './layout';
import { readRecords } from './read-records';
import type { Exchange, Reply } from '../http/exchange';
import { Problem } from '../http/problem';
import { withSpooledBody } from '../http/body/spooled-body';
import { takeTurns } from '../http/body/turns';
import { withIdempotencyKey, type KeepAnswer } from '../http/with-idempotency-key';
import { csvImportView } from './import-view';

export const csvLimitBytes = 32 * 1_024 * 1_024;

/** Each file holds a connection while it is read: the others of the pool are for everybody else. */
const inTurn = takeTurns(2);

type ImportExchange = Exchange<'orgId', { strict?: boolean | undefined }, unknown>;

/**
 * Stores a file in one transaction with its audit event and its key, once all of it has arrived: with
 * a fault nothing of it is kept. Answers 201, or `invalid-csv` with every fault.
 */
export async function importCsv(exchange: ImportExchange): Promise<Reply> {
  const { deps, organization, request, query } = exchange;
  const isStrict = query.strict === true;
  const limits = { limitBytes: csvLimitBytes, folder: deps.uploadFolder };
  return withSpooledBody(request, limits, ({ digest, bytes }) =>
    withIdempotencyKey({
      exchange,
      scope: 'csv-imports',
      digest: () => (isStrict ? `${digest} strict` : digest),
      async replay({ body: stored }) {
        const { importId } = stored as { importId: string };
        const row = await findCsvImport(deps.db, organization.orgId, importId);
        return row ? replyOf(row) : null;
      },
      work: (keep) => inTurn(async () => replyOf(await storeImport(exchange, bytes(), keep))),
    }),
  );
}

function storeImport(
  { deps, organization, caller, query }: ImportExchange,
  bytes: AsyncIterable<Buffer>,
  keep: KeepAnswer,
): Promise<CsvImportRow> {
  const { orgId, orgUuid } = organization;
  return deps.db.transaction(async (tx) => {
    const layout = await csvLayout(tx, orgId);
    const importId = randomUUID();
    const intake = await readCsvInto(
      tx,
      { orgId, orgUuid, importId, ...layout, isStrict: query.strict === true },
      readRecords(bytes),
    );
    refuseFaults(intake);
    const { users, staleUsers, exportedAt, columns, remarks } = intake;
    const createdBy = caller.name;
    const counts = { users, staleUsers, exportedAt, columns, remarks };
    const row = await insertCsvImport(tx, { orgId, importId, createdBy, ...counts });
    await analyzeCsvRows(tx);
    const location = csvImportAddress(orgId, importId);
    await keep(tx, { status: 201, location, body: { importId } });
    const target = `csv-imports/${importId}`;
    const details = { users, staleUsers, columns, remarks: remarks.length };
    await recordAudit(tx, { orgId, actor: caller, action: 'csv-import.created', target, details });
    return row;
  });
}

function refuseFaults({ faults, remarks }: Intake): void {
  if (faults.total === 0) return;
  const { listed, total } = faults;
  const shown =
    listed.length < total
      ? `the first ${listed.length} of its ${digits(total)} faults are listed`
      : 'each of its faults is listed';
  throw new Problem('invalid-csv', `Nothing of the file was stored: ${shown}.`, {
    errors: listed.map(({ line, column, code, detail }) => ({ line, column, code, detail })),
    members: { totalErrors: total, totalRemarks: remarks.length },
  });
}

function replyOf(row: CsvImportRow): Reply {
  const Location = csvImportAddress(row.orgId, row.importId);
  return { status: 201, body: csvImportView(row), headers: { Location } };
}
