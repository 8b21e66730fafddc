import { z } from 'zod';
import { listCsvImports } from '../../../db/csv/imports';
import { pageOf, positions, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { csvImportBrief } from '../schema';
import { cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';
import { csvImportBriefView } from '../import-view';

const position = z.strictObject({ createdAt: positions.instant, importId: z.uuid() });

export const listCsvImportsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/csv-imports',
  tag: 'CSV',
  role: 'viewer',
  summary: 'List CSV imports, newest first',
  query: z.strictObject({ ...cursorQuery, ...limitQuery(50, 500) }),
  replies: {
    200: {
      description: 'A page',
      schema: z.strictObject({ items: z.array(csvImportBrief), next }),
    },
  },
  async handle({ deps, organization, query }) {
    const after = readCursor(position, query.cursor);
    const rows = await listCsvImports(deps.db, {
      orgId: organization.orgId,
      after: after && { ...after, createdAt: new Date(after.createdAt) },
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ createdAt, importId }) => ({
      createdAt: createdAt.toISOString(),
      importId,
    }));
    return { status: 200, body: { items: page.rows.map(csvImportBriefView), next: page.next } };
  },
});
