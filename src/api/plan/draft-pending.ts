import type { RolloutRow } from '../../db/rollout/rollouts';
import type { StoredTemplate } from '../../db/templates/templates';
import { rolloutAddress, templateAddress } from '../http/parameters/addresses';
import { Problem } from '../http/problem';

/** R16a: one draft at a time, tried by one rollout at a time. The problem names the way out. */
export function draftPending(template: StoredTemplate, trying: RolloutRow | undefined): Problem {
  const { row } = template;
  if (row.draftRevision === null) throw new Error(`Template ${row.templateId} has no draft`);
  const draft = `Revision ${row.draftRevision} of "${row.name}" is a draft`;
  if (!trying) {
    const address = `${templateAddress(row.orgId, row.groupId)}/draft`;
    return new Problem(
      'draft-pending',
      `${draft}, and no rollout tries it: roll it out, or drop it with DELETE ${address}.`,
      { members: { conflictsWith: address } },
    );
  }
  const address = rolloutAddress(trying.orgId, trying.rolloutId);
  return new Problem(
    'draft-pending',
    `${draft}. Rollout ${trying.rolloutId} tries it and is ${trying.phase}: let it end, abort or discard it first.`,
    { members: { conflictsWith: address }, headers: { Location: address } },
  );
}
