import type { Endpoint } from '../endpoint';
import { abortRolloutEndpoint } from './abort-rollout';
import { createRolloutEndpoint } from './create-rollout';
import { deleteGroupTemplateEndpoint } from './delete-group-template';
import { deleteOrganizationTemplateEndpoint } from './delete-organization-template';
import { discardRolloutEndpoint } from './discard-rollout';
import { dropGroupTemplateDraftEndpoint } from './drop-group-template-draft';
import { dropOrganizationTemplateDraftEndpoint } from './drop-organization-template-draft';
import { exportUsersEndpoint } from './export-users';
import { getCsvImportEndpoint } from './get-csv-import';
import { getGroupTemplateEndpoint } from './get-group-template';
import { getLivenessEndpoint } from './get-liveness';
import { getMetricsEndpoint } from './get-metrics';
import { getOrganizationEndpoint } from './get-organization';
import { getOrganizationTemplateEndpoint } from './get-organization-template';
import { getReadinessEndpoint } from './get-readiness';
import { getRolloutEndpoint } from './get-rollout';
import { getRolloutPlanEndpoint } from './get-rollout-plan';
import { getRolloutProgressEndpoint } from './get-rollout-progress';
import { getRolloutReportEndpoint } from './get-rollout-report';
import { getSettingsEndpoint } from './get-settings';
import { getUserEndpoint } from './get-user';
import { getWatchEndpoint } from './get-watch';
import { importCsvEndpoint } from './import-csv';
import { listAuditEventsEndpoint } from './list-audit-events';
import { listCsvImportsEndpoint } from './list-csv-imports';
import { listGroupTemplateRevisionsEndpoint } from './list-group-template-revisions';
import { listGroupsEndpoint } from './list-groups';
import { listLicensesEndpoint } from './list-licenses';
import { listOrganizationTemplateRevisionsEndpoint } from './list-organization-template-revisions';
import { listOrganizationsEndpoint } from './list-organizations';
import { listRolloutFeedbackEndpoint } from './list-rollout-feedback';
import { listRolloutUsersEndpoint } from './list-rollout-users';
import { listRolloutsEndpoint } from './list-rollouts';
import { listTemplatesEndpoint } from './list-templates';
import { listUsersEndpoint } from './list-users';
import { lookAtDirectoryEndpoint } from './look-at-directory';
import { observeOrganizationEndpoint } from './observe-organization';
import { patchSettingsEndpoint } from './patch-settings';
import { pauseRolloutEndpoint } from './pause-rollout';
import { previewGroupTemplateEndpoint } from './preview-group-template';
import { previewOrganizationTemplateEndpoint } from './preview-organization-template';
import { promoteRolloutEndpoint } from './promote-rollout';
import { recordFeedbackEndpoint } from './record-feedback';
import { resumeRolloutEndpoint } from './resume-rollout';
import { retryFailedEndpoint } from './retry-failed';
import { saveGroupTemplateEndpoint } from './save-group-template';
import { saveOrganizationTemplateEndpoint } from './save-organization-template';
import { saveSettingsEndpoint } from './save-settings';
import { setPaceEndpoint } from './set-pace';
import { startRolloutEndpoint } from './start-rollout';
import { streamRolloutEventsEndpoint } from './stream-rollout-events';

/** Every endpoint: one a file. */
export const endpoints: readonly Endpoint[] = [
  abortRolloutEndpoint,
  createRolloutEndpoint,
  deleteGroupTemplateEndpoint,
  deleteOrganizationTemplateEndpoint,
  discardRolloutEndpoint,
  dropGroupTemplateDraftEndpoint,
  dropOrganizationTemplateDraftEndpoint,
  exportUsersEndpoint,
  getCsvImportEndpoint,
  getGroupTemplateEndpoint,
  getLivenessEndpoint,
  getMetricsEndpoint,
  getOrganizationEndpoint,
  getOrganizationTemplateEndpoint,
  getReadinessEndpoint,
  getRolloutEndpoint,
  getRolloutPlanEndpoint,
  getRolloutProgressEndpoint,
  getRolloutReportEndpoint,
  getSettingsEndpoint,
  getUserEndpoint,
  getWatchEndpoint,
  importCsvEndpoint,
  listAuditEventsEndpoint,
  listCsvImportsEndpoint,
  listGroupTemplateRevisionsEndpoint,
  listGroupsEndpoint,
  listLicensesEndpoint,
  listOrganizationTemplateRevisionsEndpoint,
  listOrganizationsEndpoint,
  listRolloutFeedbackEndpoint,
  listRolloutUsersEndpoint,
  listRolloutsEndpoint,
  listTemplatesEndpoint,
  listUsersEndpoint,
  lookAtDirectoryEndpoint,
  observeOrganizationEndpoint,
  patchSettingsEndpoint,
  pauseRolloutEndpoint,
  previewGroupTemplateEndpoint,
  previewOrganizationTemplateEndpoint,
  promoteRolloutEndpoint,
  recordFeedbackEndpoint,
  resumeRolloutEndpoint,
  retryFailedEndpoint,
  saveGroupTemplateEndpoint,
  saveOrganizationTemplateEndpoint,
  saveSettingsEndpoint,
  setPaceEndpoint,
  startRolloutEndpoint,
  streamRolloutEventsEndpoint,
];
