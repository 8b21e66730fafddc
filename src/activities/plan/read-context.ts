import { readSettings } from '../../db/admin/settings';
import type { Queryable } from '../../db/connect';
import { readVanishedGroups } from '../../db/directory/group-covers';
import { readGroupNames } from '../../db/directory/group-names';
import { readUnitsToday } from '../../db/directory/own-writes';
import { readPeopleFigures } from '../../db/directory/people-figures';
import { listRefusals } from '../../db/directory/beliefs/refusals';
import type { PlanContext, TemplatesToPlan } from '../../domain/kinds/plan-context';
import type { RolloutRequest } from '../../domain/request/rollout-request';

/** Everything that planning reads except the users. */
export async function readContext(
  tx: Queryable,
  asked: { orgId: string; request: RolloutRequest; templates: TemplatesToPlan },
): Promise<PlanContext> {
  const { orgId, request, templates } = asked;
  const vanishedGroups = await readVanishedGroups(tx, orgId);
  return {
    request,
    ...templates,
    settings: (await readSettings(tx, orgId)).settings,
    licenses: (await readUnitsToday(tx, orgId)).now,
    vanishedGroups,
    people: await readPeopleFigures(tx, orgId),
    refusedLists: await listRefusals(tx, orgId),
    groupNames: await readGroupNames(tx, orgId, vanishedGroups),
  };
}
