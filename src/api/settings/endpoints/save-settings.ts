import { defaultSettings } from '../../../domain/model/default-settings';
import { defineEndpoint } from '../../http/endpoint';
import { changeSettings } from '../change-settings';
import { settingsAnswer, settingsBody } from '../schema';
import { settingsView } from '../settings-view';

export const saveSettingsEndpoint = defineEndpoint({
  method: 'put',
  path: '/v1/organizations/{orgId}/settings',
  tag: 'Settings',
  role: 'admin',
  summary: 'Replace the settings; those left out get their defaults',
  description:
    'Turning `preserveOnGroupTransition` off has to be confirmed in the same request; otherwise nothing is saved.',
  body: settingsBody,
  replies: { 200: { description: 'As saved', schema: settingsAnswer } },
  problems: ['composition-conflict', 'confirmation-required'],
  async handle({ deps, organization, caller, body }) {
    const base = defaultSettings;
    const stored = await changeSettings(deps, { organization, caller, changes: body, base });
    return { status: 200, body: settingsView(stored) };
  },
});
