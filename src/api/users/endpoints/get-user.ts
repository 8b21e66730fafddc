import { defineEndpoint } from '../../http/endpoint';
import { user } from '../schema';
import { userView } from '../user-view';

export const getUserEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/users/{userId}',
  tag: 'Directory',
  role: 'viewer',
  summary: 'Show what a user holds and should hold, why, and what changes next',
  description:
    'By id, as Webex writes it or as a raw UUID, or by e-mail address. `next` is decided by the same code as a plan, for this user only.',
  replies: { 200: { description: 'The user', schema: user } },
  async handle({ deps, organization, params }) {
    return { status: 200, body: await userView(deps, organization, params.userId) };
  },
});
