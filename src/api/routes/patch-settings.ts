import { defineEndpoint } from '../endpoint';
import { changeSettings } from '../change-settings';
import { settingsAnswer, settingsBody } from '../schemas/settings';
import { settingsView } from '../views/settings-view';

export const patchSettingsEndpoint = defineEndpoint({
  method: 'patch',
  path: '/v1/organizations/{orgId}/settings',
  tag: 'Settings',
  role: 'admin',
  summary: 'Change some settings; what is left out stays',
  body: settingsBody,
  replies: { 200: { description: 'As saved', schema: settingsAnswer } },
  problems: ['composition-conflict'],
  async handle({ deps, organization, caller, body }) {
    const stored = await changeSettings(deps, { organization, caller, changes: body, base: null });
    return { status: 200, body: settingsView(stored) };
  },
});
