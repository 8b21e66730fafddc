import { z } from 'zod';
import { listLicenses } from '../../../db/directory/find-directory';
import { openForecasts } from '../../../db/rollout/rollouts';
import { defineEndpoint } from '../../http/endpoint';
import { license } from '../schema';
import { asOf } from '../../http/schema-parts';
import { licenseView } from '../license-view';

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
    const [licenses, plans] = await Promise.all([
      listLicenses(deps.db, organization.orgId),
      openForecasts(deps.db, organization.orgId),
    ]);
    return {
      status: 200,
      body: {
        items: licenses.map((one) => licenseView(one, plans)),
        asOf: organization.observedAt?.toISOString() ?? null,
      },
    };
  },
});
