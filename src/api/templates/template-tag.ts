import type { StoredTemplate } from '../../db/templates/templates';
import { entityTag } from '../http/entity-tag';

export {};
/** Changes with each revision, draft, start of an end, and name. */

export function templateTag({ row }: StoredTemplate): string {
  const { templateId, latestRevision, inForceRevision, draftRevision, endingRolloutId } = row;
  return entityTag([templateId, latestRevision, inForceRevision, draftRevision, endingRolloutId]);
}
