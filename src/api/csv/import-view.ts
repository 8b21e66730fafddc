import type { z } from 'zod';
import type { CsvImportBrief, CsvImportRow } from '../../db/csv/imports';
import { csvImportAddress, organizationAddress } from '../http/parameters/addresses';
import type { csvImport, csvImportBrief } from './schema';

export function csvImportBriefView(row: CsvImportBrief): z.input<typeof csvImportBrief> {
  const { orgId, importId, createdBy, users, staleUsers, columns } = row;
  return {
    importId,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    users,
    staleUsers,
    exportedAt: row.exportedAt?.toISOString() ?? null,
    columns,
    links: {
      self: csvImportAddress(orgId, importId),
      rollouts: `${organizationAddress(orgId)}/rollouts`,
    },
  };
}

export function csvImportView(row: CsvImportRow): z.input<typeof csvImport> {
  const { importId, remarks } = row;
  const refused = new Set(remarks.flatMap((remark) => (remark.refused ? remark.line : [])));
  return {
    ...csvImportBriefView(row),
    refusedUsers: refused.size,
    remarks,
    rolloutBodies: {
      add: { change: { kind: 'csv', importId, mode: 'add' } },
      addAndRemove: { change: { kind: 'csv', importId, mode: 'add-and-remove' } },
    },
  };
}
