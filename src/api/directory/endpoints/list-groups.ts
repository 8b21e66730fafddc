import { z } from 'zod';
import { listGroups } from '../../../db/directory/find-directory';
import { cursorById, pageOf, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { group } from '../schema';
import { asOf, cursorQuery, limitQuery, next } from '../../http/parameters/schema-parts';
import { searchParameter } from '../../http/parameters/query-parameters';
import { groupView } from '../directory-view';

export const listGroupsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/groups',
  tag: 'Directory',
  role: 'viewer',
  summary: 'List groups as last read',
  query: z.strictObject({
    q: searchParameter.optional(),
    ...cursorQuery,
    ...limitQuery(100, 1_000),
  }),
  replies: {
    200: { description: 'A page', schema: z.strictObject({ items: z.array(group), next, asOf }) },
  },
  async handle({ deps, organization, query }) {
    const rows = await listGroups(deps.db, {
      orgId: organization.orgId,
      text: query.q ?? null,
      after: readCursor(cursorById, query.cursor)?.id ?? null,
      limit: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ groupId }) => ({ id: groupId }));
    return {
      status: 200,
      body: {
        items: page.rows.map(groupView),
        next: page.next,
        asOf: organization.observedAt?.toISOString() ?? null,
      },
    };
  },
});
