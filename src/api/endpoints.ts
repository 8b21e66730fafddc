import type { Endpoint } from './http/endpoint';
import { abortRolloutEndpoint } from './rollout/endpoints/abort-rollout';
import { createRolloutEndpoint } from './plan/endpoints/create-rollout';
import { deleteGroupTemplateEndpoint } from './templates/endpoints/delete-group-template';
import { deleteOrganizationTemplateEndpoint } from './templates/endpoints/delete-organization-template';
import { discardRolloutEndpoint } from './rollout/endpoints/discard-rollout';
import { dropGroupTemplateDraftEndpoint } from './templates/endpoints/drop-group-template-draft';
import { dropOrganizationTemplateDraftEndpoint } from './templates/endpoints/drop-organization-template-draft';
import { exportUsersEndpoint } from './csv/endpoints/export-users';
import { getCsvImportEndpoint } from './csv/endpoints/get-csv-import';
import { getGroupTemplateEndpoint } from './templates/endpoints/get-group-template';
import { getLivenessEndpoint } from './health/endpoints/get-liveness';
import { getMetricsEndpoint } from './health/endpoints/get-metrics';
import { getOrganizationEndpoint } from './directory/endpoints/get-organization';
import { getOrganizationTemplateEndpoint } from './templates/endpoints/get-organization-template';
import { getReadinessEndpoint } from './health/endpoints/get-readiness';
import { getRolloutEndpoint } from './rollout/endpoints/get-rollout';
import { getRolloutPlanEndpoint } from './rollout/endpoints/get-rollout-plan';
import { getRolloutProgressEndpoint } from './rollout/endpoints/get-rollout-progress';
import { getRolloutReportEndpoint } from './rollout/endpoints/get-rollout-report';
import { getSettingsEndpoint } from './settings/endpoints/get-settings';
import { getUserEndpoint } from './users/endpoints/get-user';
import { getWatchEndpoint } from './watch/endpoints/get-watch';
import { importCsvEndpoint } from './csv/endpoints/import-csv';
import { listAuditEventsEndpoint } from './directory/endpoints/list-audit-events';
import { listCsvImportsEndpoint } from './csv/endpoints/list-csv-imports';
import { listGroupTemplateRevisionsEndpoint } from './templates/endpoints/list-group-template-revisions';
import { listGroupsEndpoint } from './directory/endpoints/list-groups';
import { listLicensesEndpoint } from './directory/endpoints/list-licenses';
import { listOrganizationTemplateRevisionsEndpoint } from './templates/endpoints/list-organization-template-revisions';
import { listOrganizationsEndpoint } from './directory/endpoints/list-organizations';
import { listRolloutFeedbackEndpoint } from './rollout/endpoints/list-rollout-feedback';
import { listRolloutUsersEndpoint } from './rollout/endpoints/list-rollout-users';
import { listRolloutsEndpoint } from './rollout/endpoints/list-rollouts';
import { listTemplatesEndpoint } from './templates/endpoints/list-templates';
import { listUsersEndpoint } from './users/endpoints/list-users';
import { lookAtDirectoryEndpoint } from './watch/endpoints/look-at-directory';
import { observeOrganizationEndpoint } from './directory/endpoints/observe-organization';
import { patchSettingsEndpoint } from './settings/endpoints/patch-settings';
import { pauseRolloutEndpoint } from './rollout/endpoints/pause-rollout';
import { previewGroupTemplateEndpoint } from './templates/endpoints/preview-group-template';
import { previewOrganizationTemplateEndpoint } from './templates/endpoints/preview-organization-template';
import { promoteRolloutEndpoint } from './rollout/endpoints/promote-rollout';
import { recordFeedbackEndpoint } from './rollout/endpoints/record-feedback';
import { resumeRolloutEndpoint } from './rollout/endpoints/resume-rollout';
import { retryFailedEndpoint } from './rollout/endpoints/retry-failed';
import { saveGroupTemplateEndpoint } from './templates/endpoints/save-group-template';
import { saveOrganizationTemplateEndpoint } from './templates/endpoints/save-organization-template';
import { saveSettingsEndpoint } from './settings/endpoints/save-settings';
import { setPaceEndpoint } from './rollout/endpoints/set-pace';
import { startRolloutEndpoint } from './rollout/endpoints/start-rollout';
import { streamRolloutEventsEndpoint } from './rollout/endpoints/stream-rollout-events';

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
