import { pipeline } from 'node:stream/promises';
import { csvLayout } from '../layout';
import { defineEndpoint } from '../../http/endpoint';
import { usersCsv } from '../users-csv';

export const exportUsersEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/users.csv',
  tag: 'CSV',
  role: 'viewer',
  summary: 'Download all users and their licenses as CSV, to edit and import',
  description:
    'One line per person and one column per license (offer and site), TRUE or FALSE. The stamp records what the user held: if it is kept, an import refuses users whose licenses have changed since the export. Cells that a spreadsheet would run as formulas begin with an apostrophe.',
  replies: { 200: { description: 'UTF-8 with a byte-order mark', contentType: 'text/csv' } },
  problems: ['not-observed'],
  async handle({ deps, organization, response }) {
    const { orgId, orgUuid } = organization;
    const layout = await csvLayout(deps.db, orgId);
    response.status(200).set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="users-${orgUuid}.csv"`,
      'Cache-Control': 'no-store',
    });
    try {
      await pipeline(usersCsv(deps.db, { orgId, ...layout, exportedAt: new Date() }), response);
    } catch (error) {
      // Readers may leave in the middle of a file.
      if (!response.req.destroyed) throw error;
    }
    return null;
  },
});
