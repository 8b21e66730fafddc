import { readCandidates } from '../../db/plan/read-candidates';
import type { Queryable } from '../../db/connect';
import { readGroupCovers, readVanishedGroups } from '../../db/directory/group-covers';
import { readUnitsToday } from '../../db/directory/own-writes';
import { readSettings } from '../../db/admin/settings';
import { templatesInForce } from '../../db/templates/templates';
import { explainUser, type UserExplanation } from '../../domain/plan/explain-user';
import type { Candidate } from '../../domain/kinds/candidate';
import type { Template } from '../../domain/model/template';
import type { License } from '../../domain/model/license';

export interface ReadExplanation extends UserExplanation {
  candidate: Candidate;
  templates: Template[];
  licenses: License[];
  vanishedGroups: readonly string[];
}

/**
 * What planning would decide about a user who is in the mirror. Read it in one transaction that
 * sees one snapshot, as planning does.
 */
export async function readExplanation(
  tx: Queryable,
  user: { orgId: string; personId: string },
): Promise<ReadExplanation> {
  const { orgId, personId } = user;
  const templates = await templatesInForce(tx, orgId);
  const { settings } = await readSettings(tx, orgId);
  const { now: licenses } = await readUnitsToday(tx, orgId);
  const vanishedGroups = await readVanishedGroups(tx, orgId);
  const groups = await readGroupCovers(tx, {
    orgId,
    groupIds: templates.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])),
    includeInner: settings.includeParentGroups,
  });
  const scope = {
    orgId,
    groups,
    reach: { kind: 'explained', personId } as const,
    pilotUsers: [],
    pilotGroups: [],
    withProvenance: true,
    withCalling: true,
  };
  for await (const [candidate] of readCandidates(tx, scope)) {
    if (!candidate) continue;
    const input = { templates, licenses, settings, vanishedGroups, candidate };
    return { ...explainUser(input), candidate, templates, licenses, vanishedGroups };
  }
  throw new Error('A user of the mirror was not among the candidates');
}
