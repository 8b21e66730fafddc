import { readSettings } from '../../../db/admin/settings';
import { defineEndpoint } from '../../http/endpoint';
import { settingsAnswer } from '../schema';
import { settingsView } from '../settings-view';

export const getSettingsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/settings',
  tag: 'Settings',
  role: 'viewer',
  summary: 'Show the settings',
  replies: { 200: { description: 'Settings', schema: settingsAnswer } },
  async handle({ deps, organization }) {
    const stored = await readSettings(deps.db, organization.orgId);
    return { status: 200, body: settingsView(stored) };
  },
});
