import { listLimitBytes } from '../../http/body/request-body';
import { defineEndpoint } from '../../http/endpoint';
import { changeSettings } from '../change-settings';
import { settingsAnswer, settingsBody } from '../schema';
import { settingsReply } from '../settings-view';

export const patchSettingsEndpoint = defineEndpoint({
  method: 'patch',
  path: '/v1/organizations/{orgId}/settings',
  tag: 'Settings',
  role: 'admin',
  summary: 'Change some settings; those left out are unchanged',
  description:
    'Turning `preserveOnGroupTransition` off has to be confirmed in the same request; otherwise nothing is saved.',
  body: settingsBody,
  limitBytes: listLimitBytes,
  ifMatch: true,
  replies: {
    200: {
      description: 'As saved',
      schema: settingsAnswer,
      headers: { ETag: 'Version of the settings' },
    },
  },
  problems: ['composition-conflict', 'confirmation-required'],
  async handle({ deps, organization, caller, body, requireMatch }) {
    const change = { organization, caller, changes: body, base: null, requireMatch };
    const stored = await changeSettings(deps, change);
    return settingsReply(deps.db, organization.orgId, stored);
  },
});
