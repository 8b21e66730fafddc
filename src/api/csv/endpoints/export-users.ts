import { pipeline } from 'node:stream/promises';
import { csvLayout } from '../layout';
import { defineEndpoint } from '../../http/endpoint';
import { usersCsv } from '../users-csv';

export const exportUsersEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/users.csv',
  tag: 'CSV',
  role: 'viewer',
  summary: 'All users and what they hold, as CSV to edit and import',
  description:
    'One line a person and one column a license (offer and site), TRUE or FALSE, as believed now (R71, R80a). The stamp says what the user held: leave it, and an import refuses whoever has changed since (R77). Cells that a spreadsheet would run begin with an apostrophe.',
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
