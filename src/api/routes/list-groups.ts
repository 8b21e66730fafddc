import { z } from 'zod';
import { listGroups } from '../../db/directory/find-directory';
import { cursorById, pageOf, readCursor } from '../cursor';
import { defineEndpoint } from '../endpoint';
import { group } from '../schemas/directory';
import { asOf, cursorQuery, limitQuery, next } from '../schemas/parts';
import { searchText } from '../schemas/query';
import { groupView } from '../views/directory-view';

export const listGroupsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/groups',
  tag: 'Directory',
  role: 'viewer',
  summary: 'Groups as of the last look',
  query: z.strictObject({ q: searchText.optional(), ...cursorQuery, ...limitQuery(100, 1_000) }),
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
