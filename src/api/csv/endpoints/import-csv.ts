import { defineEndpoint } from '../../http/endpoint';
import { csvLimitBytes, importCsv } from '../import-csv';
import { csvImport } from '../schema';

export const importCsvEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/csv-imports',
  tag: 'CSV',
  role: 'operator',
  summary: 'Upload a file that says who should hold what',
  description: `Stores what the file asks for; nothing changes before a rollout of it is started (R76). Columns may be missing and cells empty: they are untouched (R73); only the user's id or e-mail address is needed. Lines of users whose licenses have changed since the export (R77), who are marked suspended, or whose name, status or number was edited (R74) are left out and named; any other fault refuses the whole file, and all faults are listed with line and column. At most 20,000 users and ${csvLimitBytes / 1_048_576} MiB.`,
  stream: {
    contentType: 'text/csv',
    description:
      'With or without a byte-order mark; commas, semicolons or tabs; any line ends; TRUE and FALSE in any case',
  },
  idempotencyKey: true,
  replies: {
    201: {
      description: 'Taken, with what was left out',
      schema: csvImport,
      headers: { Location: 'Of the import' },
    },
  },
  problems: ['invalid-csv', 'not-observed', 'request-in-progress', 'idempotency-key-reused'],
  handle: importCsv,
});
