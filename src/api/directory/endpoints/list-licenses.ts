import { z } from 'zod';
import { readSettings } from '../../../db/admin/settings';
import { readUnitsToday } from '../../../db/directory/own-writes';
import { listOpenPlans } from '../../../db/rollout/open-plans';
import { indexLicenses } from '../../../domain/licenses/license-index';
import { defineEndpoint } from '../../http/endpoint';
import { license } from '../schema';
import { asOf } from '../../http/parameters/schema-parts';
import { licenseViews } from '../license-view';

export const listLicensesEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/licenses',
  tag: 'Directory',
  role: 'viewer',
  summary: 'List licenses with their units, and what open plans would use',
  replies: {
    200: { description: 'Licenses', schema: z.strictObject({ items: z.array(license), asOf }) },
  },
  async handle({ deps, organization }) {
    const [units, plans, { settings }] = await Promise.all([
      readUnitsToday(deps.db, organization.orgId),
      listOpenPlans(deps.db, organization.orgId),
      readSettings(deps.db, organization.orgId),
    ]);
    return {
      status: 200,
      body: {
        items: licenseViews(units, plans, indexLicenses(units.onceShown, settings.subscriptions)),
        asOf: organization.observedAt?.toISOString() ?? null,
      },
    };
  },
});
