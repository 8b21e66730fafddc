import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { recordAudit } from '../../db/admin/audit';
import {
  analyzeCsvRows,
  findCsvImport,
  insertCsvImport,
  type CsvImportRow,
} from '../../db/csv/imports';
import { findAnswer, storeAnswer } from '../../db/admin/idempotency';
import { csvImportAddress } from '../http/addresses';
import { takeIn, type Intake } from './take-in';
import { csvLayout } from './layout';
import { csvRecords } from './read-records';
import type { Exchange, Reply } from '../http/endpoint';
import { Problem } from '../http/problem';
import { leaveUnread, requestBytes } from '../http/request-bytes';
import { csvImportView } from './import-view';

export const csvLimitBytes = 32 * 1_024 * 1_024;

type ImportExchange = Exchange<'orgId', unknown, unknown>;

/** Another request with this key was first: its transaction has the answer. */
class KeyTaken extends Error {}

/**
 * Takes a file in as it arrives, in one transaction with its audit event and its key: with a fault
 * nothing of it stays. Answers 201, or `invalid-csv` with every fault.
 */
export async function importCsv(exchange: ImportExchange): Promise<Reply> {
  const { request, idempotencyKey } = exchange;
  const key = idempotencyKey === null ? null : `csv-imports/${idempotencyKey}`;
  try {
    const earlier = key === null ? null : await replay(exchange, key, null);
    if (earlier) return earlier;
    const hash = createHash('sha256');
    try {
      const row = await store(exchange, key, hash);
      return replyOf(row);
    } catch (error) {
      if (!(error instanceof KeyTaken) || key === null) throw error;
      const first = await replay(exchange, key, hash.digest('hex'));
      if (first) return first;
      throw new Problem('request-in-progress', 'The request with this key is being carried out.');
    }
  } catch (error) {
    leaveUnread(request);
    throw error;
  }
}

function store(
  { deps, organization, caller, request }: ImportExchange,
  key: string | null,
  hash: ReturnType<typeof createHash>,
): Promise<CsvImportRow> {
  const { orgId, orgUuid } = organization;
  return deps.db.transaction(async (tx) => {
    const layout = await csvLayout(tx, orgId);
    const importId = randomUUID();
    const records = csvRecords(hashed(request, hash));
    const intake = await takeIn(tx, { orgId, orgUuid, importId, ...layout }, records);
    refuseFaults(intake);
    const { users, staleUsers, exportedAt, columns, remarks } = intake;
    const createdBy = caller.name;
    const counts = { users, staleUsers, exportedAt, columns, remarks };
    const row = await insertCsvImport(tx, { orgId, importId, createdBy, ...counts });
    await analyzeCsvRows(tx);
    if (key !== null) {
      const requestHash = hash.copy().digest('hex');
      const location = csvImportAddress(orgId, importId);
      const answer = { orgId, key, requestHash, status: 201, location, body: { importId } };
      if (!(await storeAnswer(tx, answer))) throw new KeyTaken();
    }
    const target = `csv-imports/${importId}`;
    const details = { users, staleUsers, columns, remarks: remarks.length };
    await recordAudit(tx, { orgId, actor: caller, action: 'csv-import.created', target, details });
    return row;
  });
}

function refuseFaults({ faults, remarks }: Intake): void {
  if (faults.total === 0) return;
  const { listed, total } = faults;
  const shown = listed.length < total ? `the first ${listed.length} of ${total}` : 'each';
  throw new Problem(
    'invalid-csv',
    `Nothing of the file was taken: ${shown} of its faults is listed.`,
    {
      errors: listed.map(({ line, column, code, detail }) => ({ line, column, code, detail })),
      members: { totalErrors: total, totalRemarks: remarks.length },
    },
  );
}

/** The answer to an earlier request with this key, where the file is the same. */
async function replay(
  { deps, organization, request }: ImportExchange,
  key: string,
  known: string | null,
): Promise<Reply | null> {
  const { orgId } = organization;
  const answer = await findAnswer(deps.db, orgId, key);
  if (!answer) return null;
  const { importId } = answer.body as { importId: string };
  const row = await findCsvImport(deps.db, orgId, importId);
  if (!row) {
    const detail = 'What was imported with this key has been forgotten since: take another key.';
    throw new Problem('idempotency-key-reused', detail);
  }
  if ((known ?? (await hashOf(request))) !== answer.requestHash) {
    throw new Problem('idempotency-key-reused', 'This key was used for another file.');
  }
  const reply = replyOf(row);
  return { ...reply, headers: { ...reply.headers, 'Idempotent-Replayed': 'true' } };
}

async function* hashed(request: Request, hash: ReturnType<typeof createHash>) {
  for await (const chunk of requestBytes(request, csvLimitBytes)) {
    hash.update(chunk);
    yield chunk;
  }
}

async function hashOf(request: Request): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of requestBytes(request, csvLimitBytes)) hash.update(chunk);
  return hash.digest('hex');
}

function replyOf(row: CsvImportRow): Reply {
  const Location = csvImportAddress(row.orgId, row.importId);
  return { status: 201, body: csvImportView(row), headers: { Location } };
}
