import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { organizationAddress } from '../../http/parameters/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { Problem } from '../../http/problem';
import { includesRole } from '../../../roles';

export const observeOrganizationEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/observe',
  tag: 'Organizations',
  role: 'operator',
  summary: 'Read the directory again',
  description:
    'Joins a read that is already running. `observedAt` of the organization shows when it has finished.',
  body: z.strictObject({
    acceptMemberDrops: z.boolean().optional().meta({
      description:
        'Accept member lists that shrank by more than `maxMemberDropPercent` since the last accepted read, which otherwise are not believed. Incomplete lists are never accepted. Requires the role admin',
    }),
  }),
  bodyOptional: true,
  replies: {
    202: {
      description: 'Reading',
      schema: z.strictObject({ links: z.strictObject({ organization: z.string() }) }),
      headers: { Location: 'Address of the organization' },
    },
  },
  problems: ['temporal-unavailable'],
  async handle({ deps, organization, caller, request, body }) {
    const { orgId, orgUuid } = organization;
    const acceptMemberDrops = body.acceptMemberDrops === true;
    const { name, role } = caller;
    if (acceptMemberDrops && !includesRole(role, 'admin')) {
      throw new Problem('forbidden', 'Accepting member drops requires the role admin.');
    }
    const accepted = acceptMemberDrops ? { dropsAcceptedBy: { name, role } } : {};
    try {
      await deps.jobs.startObserve({ orgId, orgUuid, ...accepted });
    } catch (error) {
      request.log.warn({ err: error }, 'a read of the directory could not be started');
      throw new Problem('temporal-unavailable', 'Nothing was started. Try again in a moment.', {
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
