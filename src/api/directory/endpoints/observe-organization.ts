import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { organizationAddress } from '../../http/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { Problem } from '../../http/problem';
import { includesRole } from '../../../roles';

export const observeOrganizationEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/observe',
  tag: 'Organizations',
  role: 'operator',
  summary: 'Read the directory again',
  description: 'Asking while one is under way joins it. `observedAt` of the organization moves on.',
  body: z.strictObject({
    acceptMemberDrops: z.boolean().optional().meta({
      description:
        'Take member lists over that shrank by more than `maxMemberDropPercent` since the last look, and stop planning because of it. Lists of which a part is missing are never taken over. Needs the role admin',
    }),
  }),
  bodyOptional: true,
  replies: {
    202: {
      description: 'Reading',
      schema: z.strictObject({ links: z.strictObject({ organization: z.string() }) }),
      headers: { Location: 'Of the organization' },
    },
  },
  problems: ['temporal-unavailable'],
  async handle({ deps, organization, caller, request, body }) {
    const { orgId, orgUuid } = organization;
    const acceptMemberDrops = body.acceptMemberDrops === true;
    const { name, role } = caller;
    if (acceptMemberDrops && !includesRole(role, 'admin')) {
      throw new Problem('forbidden', 'Taking member drops over needs the role admin.');
    }
    const vouched = acceptMemberDrops ? { dropsAcceptedBy: { name, role } } : {};
    try {
      await deps.jobs.startObserve({ orgId, orgUuid, ...vouched });
    } catch (error) {
      request.log.warn({ err: error }, 'a look at the directory could not be started');
      throw new Problem('temporal-unavailable', 'Try again in a moment; nothing was started.', {
        headers: { 'Retry-After': '5' },
      });
    }
    await recordAudit(deps.db, {
      orgId,
      actor: caller,
      action: 'directory.observed',
      target: 'observe',
      ...(acceptMemberDrops ? { details: { acceptMemberDrops } } : {}),
    });
    const self = organizationAddress(orgId);
    return { status: 202, body: { links: { organization: self } }, headers: { Location: self } };
  },
});
