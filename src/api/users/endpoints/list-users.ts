import { z } from 'zod';
import { listUsers } from '../../../db/directory/find-directory';
import { cursorById, pageOf, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { userBrief } from '../../directory/schema';
import { asOf, cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';
import { searchParameter } from '../../http/parameters/query-parameters';
import { userBriefView } from '../../directory/directory-view';

export const listUsersEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/users',
  tag: 'Directory',
  role: 'viewer',
  summary: 'List users as last read, or search them by part of a name or address',
  query: z.strictObject({
    q: searchParameter.optional(),
    ...cursorQuery,
    ...limitQuery(100, 1_000),
  }),
  replies: {
    200: {
      description: 'A page',
      schema: z.strictObject({ items: z.array(userBrief), next, asOf }),
    },
  },
  async handle({ deps, organization, query }) {
    const rows = await listUsers(deps.db, {
      orgId: organization.orgId,
      text: query.q ?? null,
      after: readCursor(cursorById, query.cursor)?.id ?? null,
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ personId }) => ({ id: personId }));
    const now = new Date();
    return {
      status: 200,
      body: {
        items: page.rows.map((row) => userBriefView(row, now)),
        next: page.next,
        asOf: organization.observedAt?.toISOString() ?? null,
      },
    };
  },
});
