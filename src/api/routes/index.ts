import type { Endpoint } from '../endpoint';
import { abortRolloutEndpoint } from './abort-rollout';
import { createRolloutEndpoint } from './create-rollout';
import { deleteGroupTemplateEndpoint } from './delete-group-template';
import { deleteOrganizationTemplateEndpoint } from './delete-organization-template';
import { discardRolloutEndpoint } from './discard-rollout';
import { dropGroupTemplateDraftEndpoint } from './drop-group-template-draft';
import { dropOrganizationTemplateDraftEndpoint } from './drop-organization-template-draft';
import { getGroupTemplateEndpoint } from './get-group-template';
import { getOrganizationTemplateEndpoint } from './get-organization-template';
import { getRolloutEndpoint } from './get-rollout';
import { listGroupTemplateRevisionsEndpoint } from './list-group-template-revisions';
import { listOrganizationTemplateRevisionsEndpoint } from './list-organization-template-revisions';
import { listRolloutsEndpoint } from './list-rollouts';
import { listTemplatesEndpoint } from './list-templates';
import { pauseRolloutEndpoint } from './pause-rollout';
import { promoteRolloutEndpoint } from './promote-rollout';
import { resumeRolloutEndpoint } from './resume-rollout';
import { saveGroupTemplateEndpoint } from './save-group-template';
import { saveOrganizationTemplateEndpoint } from './save-organization-template';
import { setPaceEndpoint } from './set-pace';
import { startRolloutEndpoint } from './start-rollout';

/** Every endpoint of /v1. Fixed words come before parameters where addresses overlap. */
export const endpoints: readonly Endpoint[] = [
  abortRolloutEndpoint,
  createRolloutEndpoint,
  deleteGroupTemplateEndpoint,
  deleteOrganizationTemplateEndpoint,
  discardRolloutEndpoint,
  dropGroupTemplateDraftEndpoint,
  dropOrganizationTemplateDraftEndpoint,
  getGroupTemplateEndpoint,
  getOrganizationTemplateEndpoint,
  getRolloutEndpoint,
  listGroupTemplateRevisionsEndpoint,
  listOrganizationTemplateRevisionsEndpoint,
  listRolloutsEndpoint,
  listTemplatesEndpoint,
  pauseRolloutEndpoint,
  promoteRolloutEndpoint,
  resumeRolloutEndpoint,
  saveGroupTemplateEndpoint,
  saveOrganizationTemplateEndpoint,
  setPaceEndpoint,
  startRolloutEndpoint,
];
