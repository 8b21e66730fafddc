import type { Queryable } from '../../db/connect';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { findTemplateById, type StoredTemplate } from '../../db/templates/templates';
import type { RolloutChange } from '../../domain/request/rollout-request';
import { isFinal } from '../../domain/rollout/rollout-phase';
import { Problem } from '../http/problem';

/** What a stored rollout is about by now, and its template, whose row is locked; null if it is gone. */
interface ChangeToday {
  change: RolloutChange;
  template: StoredTemplate | null;
}

/**
 * R102: the revision that counts today: the own draft, also one that was dropped with its rollout as long
 * as no other was saved, else the one in force.
 */
export async function changeToday(tx: Queryable, row: RolloutRow): Promise<ChangeToday> {
  const { change } = row.request;
  const template =
    row.templateId === null
      ? null
      : ((await findTemplateById(tx, row.orgId, row.templateId, true)) ?? null);
  if (change.kind !== 'template') return { change, template };
  const revision = template && revisionToday(row, template, change.revision);
  if (revision !== null) return { change: { ...change, revision }, template };
  throw new Problem(
    'action-not-allowed',
    'The template of this rollout is gone, or has no revision that could be rolled out any more.',
  );
}

function revisionToday(
  { phase, rolloutId }: RolloutRow,
  { row, draft, inForce }: StoredTemplate,
  planned: number,
): number | null {
  if (draft?.revision === planned || inForce?.revision === planned) return planned;
  const wasDropped = isFinal(phase) && draft === null && row.latestRevision === planned;
  const isOwn = wasDropped && (row.draftRolloutId === null || row.draftRolloutId === rolloutId);
  return isOwn ? planned : (inForce?.revision ?? null);
}
