import { defineEndpoint } from '../../http/endpoint';
import { user } from '../schema';
import { userView } from '../user-view';

export const getUserEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/users/{userId}',
  tag: 'Directory',
  role: 'viewer',
  summary: 'What a user holds, what they should and why, what was done, and what comes next',
  description:
    'By id in either form, or by e-mail address. `next` is decided by the code that plans, for this ' +
    'user alone.',
  replies: { 200: { description: 'The user', schema: user } },
  async handle({ deps, organization, params }) {
    return { status: 200, body: await userView(deps, organization, params.userId) };
  },
});
