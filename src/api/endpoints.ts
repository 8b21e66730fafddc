import type { Endpoint } from './http/endpoint';
import { getLivenessEndpoint } from './health/endpoints/get-liveness';
import { getReadinessEndpoint } from './health/endpoints/get-readiness';
import { getMetricsEndpoint } from './health/endpoints/get-metrics';
import { listOrganizationsEndpoint } from './directory/endpoints/list-organizations';
import { getOrganizationEndpoint } from './directory/endpoints/get-organization';
import { observeOrganizationEndpoint } from './directory/endpoints/observe-organization';
import { listAuditEventsEndpoint } from './directory/endpoints/list-audit-events';
import { listGroupsEndpoint } from './directory/endpoints/list-groups';
import { listLicensesEndpoint } from './directory/endpoints/list-licenses';
import { getSettingsEndpoint } from './settings/endpoints/get-settings';
import { saveSettingsEndpoint } from './settings/endpoints/save-settings';
import { patchSettingsEndpoint } from './settings/endpoints/patch-settings';
import { listTemplatesEndpoint } from './templates/endpoints/list-templates';
import { templateEndpoints } from './templates/endpoints/template-endpoints';
import { groupSide, organizationSide } from './templates/template-side';
import { createRolloutEndpoint } from './plan/endpoints/create-rollout';
import { replanRolloutEndpoint } from './plan/endpoints/replan-rollout';
import { listRolloutsEndpoint } from './rollout/endpoints/list-rollouts';
import { getRolloutEndpoint } from './rollout/endpoints/get-rollout';
import { getRolloutPlanEndpoint } from './rollout/endpoints/get-rollout-plan';
import { listRolloutUsersEndpoint } from './rollout/endpoints/list-rollout-users';
import { getRolloutProgressEndpoint } from './rollout/endpoints/get-rollout-progress';
import { streamRolloutEventsEndpoint } from './rollout/endpoints/stream-rollout-events';
import { getRolloutReportEndpoint } from './rollout/endpoints/get-rollout-report';
import { listRolloutFeedbackEndpoint } from './rollout/endpoints/list-rollout-feedback';
import { recordFeedbackEndpoint } from './rollout/endpoints/record-feedback';
import { startRolloutEndpoint } from './rollout/endpoints/start-rollout';
import { discardRolloutEndpoint } from './rollout/endpoints/discard-rollout';
import { promoteRolloutEndpoint } from './rollout/endpoints/promote-rollout';
import { pauseRolloutEndpoint } from './rollout/endpoints/pause-rollout';
import { resumeRolloutEndpoint } from './rollout/endpoints/resume-rollout';
import { abortRolloutEndpoint } from './rollout/endpoints/abort-rollout';
import { liftWaitEndpoint } from './rollout/endpoints/lift-wait';
import { setPaceEndpoint } from './rollout/endpoints/set-pace';
import { retryFailedEndpoint } from './rollout/endpoints/retry-failed';
import { exportUsersEndpoint } from './csv/endpoints/export-users';
import { importCsvEndpoint } from './csv/endpoints/import-csv';
import { listCsvImportsEndpoint } from './csv/endpoints/list-csv-imports';
import { getCsvImportEndpoint } from './csv/endpoints/get-csv-import';
import { acceptListEndpoint } from './watch/endpoints/accept-list';
import { moveTemplateEndpoint } from './templates/endpoints/move-template';
import { getWatchEndpoint } from './watch/endpoints/get-watch';
import { lookAtDirectoryEndpoint } from './watch/endpoints/look-at-directory';
import { retryGivenUpEndpoint } from './watch/endpoints/retry-given-up';
import { listUsersEndpoint } from './users/endpoints/list-users';
import { getUserEndpoint } from './users/endpoints/get-user';

/** Every endpoint, by room. */
export const endpoints: readonly Endpoint[] = [
  // The process
  getLivenessEndpoint,
  getReadinessEndpoint,
  getMetricsEndpoint,
  // Organizations and their directory
  listOrganizationsEndpoint,
  getOrganizationEndpoint,
  observeOrganizationEndpoint,
  listAuditEventsEndpoint,
  listGroupsEndpoint,
  listLicensesEndpoint,
  // Settings
  getSettingsEndpoint,
  saveSettingsEndpoint,
  patchSettingsEndpoint,
  // Templates
  listTemplatesEndpoint,
  ...templateEndpoints(organizationSide),
  ...templateEndpoints(groupSide),
  moveTemplateEndpoint,
  // Planning a rollout
  createRolloutEndpoint,
  // Running a rollout
  listRolloutsEndpoint,
  getRolloutEndpoint,
  getRolloutPlanEndpoint,
  listRolloutUsersEndpoint,
  getRolloutProgressEndpoint,
  streamRolloutEventsEndpoint,
  getRolloutReportEndpoint,
  listRolloutFeedbackEndpoint,
  recordFeedbackEndpoint,
  startRolloutEndpoint,
  discardRolloutEndpoint,
  promoteRolloutEndpoint,
  pauseRolloutEndpoint,
  resumeRolloutEndpoint,
  abortRolloutEndpoint,
  setPaceEndpoint,
  liftWaitEndpoint,
  retryFailedEndpoint,
  replanRolloutEndpoint,
  // CSV files
  exportUsersEndpoint,
  importCsvEndpoint,
  listCsvImportsEndpoint,
  getCsvImportEndpoint,
  // The watch of the directory
  getWatchEndpoint,
  acceptListEndpoint,
  lookAtDirectoryEndpoint,
  retryGivenUpEndpoint,
  // Users
  listUsersEndpoint,
  getUserEndpoint,
];
