import { z } from 'zod';
import { findCsvImport } from '../../../db/csv/imports';
import { defineEndpoint } from '../../http/endpoint';
import { notFound } from '../../http/problem';
import { csvImport } from '../schema';
import { csvImportView } from '../import-view';

export const getCsvImportEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/csv-imports/{importId}',
  tag: 'CSV',
  role: 'viewer',
  summary: 'Show an import and what was left out of it',
  replies: { 200: { description: 'The import', schema: csvImport } },
  async handle({ deps, organization, params }) {
    const id = z.uuid().safeParse(params.importId.toLowerCase());
    const row = id.success && (await findCsvImport(deps.db, organization.orgId, id.data));
    if (!row) throw notFound('CSV import with this id');
    return { status: 200, body: csvImportView(row) };
  },
});
