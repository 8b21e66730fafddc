import type { StoredTemplate } from '../../db/templates/templates';
import { entityTag } from '../http/entity-tag';

/** Changes with each revision, draft, and start of an end. */
export function templateTag({ row }: StoredTemplate): string {
  const { templateId, latestRevision, inForceRevision, draftRevision, endingRolloutId } = row;
  return entityTag([templateId, latestRevision, inForceRevision, draftRevision, endingRolloutId]);
}
