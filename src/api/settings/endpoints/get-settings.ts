import { readSettings } from '../../../db/admin/settings';
import { defineEndpoint } from '../../http/endpoint';
import { settingsAnswer } from '../schema';
import { settingsReply } from '../settings-view';

export const getSettingsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/settings',
  tag: 'Settings',
  role: 'viewer',
  summary: 'Show the settings',
  replies: {
    200: {
      description: 'Settings',
      schema: settingsAnswer,
      headers: { ETag: 'Version of the settings' },
    },
  },
  async handle({ deps, organization }) {
    const stored = await readSettings(deps.db, organization.orgId);
    return settingsReply(deps.db, organization.orgId, stored);
  },
});
