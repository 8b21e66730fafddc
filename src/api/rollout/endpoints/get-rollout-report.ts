import { pipeline } from 'node:stream/promises';
import { readSettings } from '../../../db/admin/settings';
import { defineEndpoint } from '../../http/endpoint';
import { reportCsv } from '../report-csv';
import { requireRollout } from '../require-rollout';

export const getRolloutReportEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/report.csv',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'Download the report of a rollout as CSV',
  replies: {
    200: {
      description: 'One row per user, then one for each feedback without a user',
      contentType: 'text/csv',
    },
  },
  async handle({ deps, organization, params, response }) {
    const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    const { settings } = await readSettings(deps.db, row.orgId);
    const { callingOffers } = settings;
    response.status(200).set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="rollout-${row.rolloutId}.csv"`,
      'Cache-Control': 'no-store',
    });
    try {
      await pipeline(reportCsv({ db: deps.db, rolloutId: row.rolloutId, callingOffers }), response);
    } catch (error) {
      // Readers may leave in the middle of a report.
      if (!response.req.destroyed) throw error;
    }
    return null;
  },
});
