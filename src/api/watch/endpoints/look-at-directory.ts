import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { organizationAddress } from '../../http/parameters/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { Problem } from '../../http/problem';

export const lookAtDirectoryEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/watch/look',
  tag: 'Watch',
  role: 'operator',
  summary: 'Check for new users and group changes now',
  description:
    'Checks without waiting for the next interval. If a check is running, one more follows it. `looks` of the watch increases when it has finished.',
  body: z.strictObject({}),
  bodyOptional: true,
  replies: {
    202: {
      description: 'Checking',
      schema: z.strictObject({ links: z.strictObject({ watch: z.string() }) }),
      headers: { Location: 'Address of the watch' },
    },
  },
  problems: ['not-observed', 'temporal-unavailable'],
  async handle({ deps, organization, caller, request }) {
    const { orgId, orgUuid } = organization;
    const isWatched = await deps.jobs.startCheck({ orgUuid }).catch((error: unknown) => {
      request.log.warn({ err: error }, 'a check of the watch could not be started');
      throw new Problem('temporal-unavailable', 'Nothing was started. Try again in a moment.', {
        headers: { 'Retry-After': '5' },
      });
    });
    if (!isWatched) {
      throw new Problem('not-observed', 'The watch of this organization has not started yet.');
    }
    await recordAudit(deps.db, { orgId, actor: caller, action: 'watch.asked', target: 'watch' });
    const watch = `${organizationAddress(orgId)}/watch`;
    return { status: 202, body: { links: { watch } }, headers: { Location: watch } };
  },
});
