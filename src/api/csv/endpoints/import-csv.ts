import { z } from 'zod';
import { flagParameter } from '../../http/parameters/query-parameters';
import { defineEndpoint } from '../../http/endpoint';
import { csvLimitBytes, importCsv } from '../import-csv';
import { csvImport } from '../schema';

export const importCsvEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/csv-imports',
  tag: 'CSV',
  role: 'operator',
  summary: 'Upload a CSV file of users and licenses',
  description: `Stores what the file asks for; nothing changes before a rollout of the import is started. Only the user's id or e-mail address is required; missing columns and empty cells change nothing. Lines are left out and listed if the organization has no such user, if the user's licenses have changed since the export, if the user is marked suspended, or if the name, status or number was edited. Any other fault refuses the whole file; all faults are listed with line and column. At most 20,000 users and ${csvLimitBytes / 1_048_576} MiB.`,
  stream: {
    contentType: 'text/csv',
    description:
      'With or without a byte-order mark; commas, semicolons or tabs; any line ends; UTF-8, or UTF-16 with a byte-order mark; TRUE and FALSE in upper or lower case, or 1 and 0',
  },
  query: z.strictObject({
    strict: flagParameter.optional().meta({
      description: 'true: a user whom the organization does not have refuses the whole file',
    }),
  }),
  idempotencyKey: true,
  replies: {
    201: {
      description: 'Stored, with a list of what was left out',
      schema: csvImport,
      headers: { Location: 'Address of the import' },
    },
  },
  problems: ['invalid-csv', 'not-observed', 'request-in-progress', 'idempotency-key-reused'],
  handle: importCsv,
});
