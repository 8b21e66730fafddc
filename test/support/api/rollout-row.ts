import type { RolloutRow } from '../../../src/db/rollout/rollouts';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { orgId, orgUuid, summary } from './seed';

/** A planned rollout as the database returns it, for what needs no database. */
export function aRolloutRow(given: Partial<RolloutRow> = {}): RolloutRow {
  const rolloutId = given.rolloutId ?? '0e000000-0000-4000-8000-000000000001';
  const at = new Date('2026-01-02T03:04:05Z');
  return {
    orgId,
    rolloutId,
    request: completeRequest({
      change: { kind: 'remove-services', services: ['calling'], from: { organization: true } },
    }),
    title: 'Turn off calling for the whole organization',
    automatic: false,
    templateId: null,
    templateRevision: null,
    phase: 'planned',
    phaseVersion: 3,
    paused: false,
    pausedBy: null,
    pauseReason: null,
    wentOnAt: null,
    brakeAt: null,
    hold: null,
    guardFrom: null,
    failurePercent: 5,
    failureMin: 3,
    usersWritten: 0,
    usersFailed: 0,
    usersInFlight: 0,
    usersBetweenAttempts: 0,
    phaseReason: null,
    haltedFrom: null,
    readTrouble: null,
    planStale: null,
    workTrouble: null,
    waitingFor: 'start or discard',
    told: null,
    wave: null,
    soaksUntil: null,
    summary,
    digest: 'digest-1',
    basis: null,
    checkedMark: null,
    checkedAt: null,
    nextRequest: null,
    replanOf: null,
    createdAt: at,
    createdBy: 'olga',
    plannedAt: at,
    expiresAt: null,
    startedAt: null,
    startedBy: null,
    lastWriteAt: null,
    deadlineAt: null,
    verifyingUntil: null,
    endedAt: null,
    workflowId: `rollout/${orgUuid}/${rolloutId}`,
    retries: 0,
    ...given,
  };
}
