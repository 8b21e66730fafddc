import type { RolloutRow } from '../../db/rollout/rollouts';
import type { StoredTemplate } from '../../db/templates/templates';
import { rolloutAddress, templateAddress } from '../http/addresses';
import { Problem } from '../http/problem';

/** R16a: one draft at a time, tried by one rollout at a time; the way out is named. */
export function draftPending(template: StoredTemplate, trying: RolloutRow | undefined): Problem {
  const { row } = template;
  const draft = `Revision ${row.draftRevision ?? 0} of "${row.name}" is a draft`;
  if (!trying) {
    const address = `${templateAddress(row.orgId, row.groupId)}/draft`;
    return new Problem(
      'draft-pending',
      `${draft} that no rollout tries yet (R16a): roll it out, or DELETE ${address}.`,
      { members: { conflictsWith: address } },
    );
  }
  const address = rolloutAddress(trying.orgId, trying.rolloutId);
  return new Problem(
    'draft-pending',
    `${draft} that rollout ${trying.rolloutId} tries, which is ${trying.phase} (R16a): let it end, abort or discard it first.`,
    { members: { conflictsWith: address }, headers: { Location: address } },
  );
}
