import { z } from 'zod';
import { recordAudit } from '../../db/audit';
import { organizationAddress } from '../addresses';
import { defineEndpoint } from '../endpoint';
import { Problem } from '../problem';

export const observeOrganizationEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/observe',
  tag: 'Organizations',
  role: 'operator',
  summary: 'Read the directory again',
  description: 'Asking while one is under way joins it. `observedAt` of the organization moves on.',
  body: z.strictObject({}),
  bodyOptional: true,
  replies: {
    202: {
      description: 'Reading',
      schema: z.strictObject({ links: z.strictObject({ organization: z.string() }) }),
      headers: { Location: 'Of the organization' },
    },
  },
  problems: ['temporal-unavailable'],
  async handle({ deps, organization, caller, request }) {
    const { orgId, orgUuid } = organization;
    try {
      await deps.jobs.startObserve({ orgId, orgUuid });
    } catch (error) {
      request.log.warn({ err: error }, 'a look at the directory could not be started');
      throw new Problem('temporal-unavailable', 'Try again in a moment; nothing was started.', {
        headers: { 'Retry-After': '5' },
      });
    }
    const audited = { orgId, actor: caller, action: 'directory.observed', target: 'observe' };
    await recordAudit(deps.db, audited);
    const self = organizationAddress(orgId);
    return { status: 202, body: { links: { organization: self } }, headers: { Location: self } };
  },
});
