import { z } from 'zod';
import { listRolloutUsers } from '../../../db/rollout/rollout-users';
import { readSettings } from '../../../db/admin/settings';
import { outcomes } from '../../../domain/model/outcome';
import { noteCodes } from '../../../domain/model/note';
import { pageOf, positions, readCursor } from '../../http/parameters/cursor';
import { defineEndpoint } from '../../http/endpoint';
import { requireRollout } from '../require-rollout';
import {
  asOf,
  cursorQuery,
  limitQuery,
  next,
  wholeNumber,
} from '../../http/parameters/schema-parts';
import {
  flagParameter,
  listParameter,
  searchParameter,
} from '../../http/parameters/query-parameters';
import { rolloutUser } from '../schema';
import { rolloutUserView } from '../rollout-user-view';

function noteParameter(who: string) {
  return listParameter(noteCodes)
    .optional()
    .meta({ description: `${who}, for one of these reasons: ${noteCodes.join(', ')}` });
}

const position = z.strictObject({ seq: positions.seq });

export const listRolloutUsersEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/users',
  tag: 'Rollouts',
  role: 'viewer',
  summary: 'List the users of a rollout with their changes and outcomes',
  query: z.strictObject({
    outcome: listParameter(outcomes).optional(),
    wave: wholeNumber(0, 1_000)
      .optional()
      .meta({ description: 'Number of the wave; 0 is the pilot' }),
    changed: flagParameter.optional().meta({
      description:
        'true: users whom the plan changes; false: the others, also those whose changes all wait for a unit',
    }),
    losing: flagParameter.optional().meta({
      description:
        'true: users of whom the plan takes a license or account and gives nothing in exchange, now or when a unit is free; false: the others',
    }),
    blocked: noteParameter('Users for whom something can not be added or done'),
    kept: noteParameter('Users for whom something stays as it is'),
    q: searchParameter.optional(),
    ...cursorQuery,
    ...limitQuery(100, 1_000),
  }),
  replies: {
    200: {
      description: 'A page',
      schema: z.strictObject({ items: z.array(rolloutUser), next, asOf }),
    },
  },
  async handle({ deps, organization, params, query }) {
    const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
    const rows = await listRolloutUsers(deps.db, {
      rolloutId: row.rolloutId,
      outcomes: query.outcome ?? null,
      wave: query.wave ?? null,
      changed: query.changed ?? null,
      losing: query.losing ?? null,
      blocked: query.blocked ?? null,
      kept: query.kept ?? null,
      text: query.q ?? null,
      afterSeq: readCursor(position, query.cursor)?.seq ?? 0,
      limit: query.limit + 1,
    });
    const { settings } = await readSettings(deps.db, row.orgId);
    const page = pageOf(rows, query.limit, ({ seq }) => ({ seq }));
    return {
      status: 200,
      body: {
        items: page.rows.map((one) => rolloutUserView(one, settings.callingOffers)),
        next: page.next,
        asOf: row.plannedAt?.toISOString() ?? null,
      },
    };
  },
});
