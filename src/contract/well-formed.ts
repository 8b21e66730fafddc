/**
 * Whether a message has the form that its sender is known by. Anybody can send one by hand in Temporal,
 * and a handler that throws blocks its workflow: what is malformed is ignored, or refused.
 */
import type { JobControl, ShardReport } from '../domain/rollout/job-state';
import type { ActionInput, ToldWaits } from './messages';

export function isShardReport(report: unknown): report is ShardReport {
  if (!isObject(report) || !isObject(report.counts)) return false;
  const { counts, halted } = report;
  return Object.values(counts).every(isCount) && (halted === null || isHalt(halted));
}

export function isToldWaits(told: unknown): told is ToldWaits {
  if (!isObject(told) || !isCount(told.phaseVersion)) return false;
  return told.waitsFor === null || typeof told.waitsFor === 'string';
}

const controls: Readonly<Record<JobControl, true>> = { run: true, hold: true, stop: true };

export function isJobControl(order: unknown): order is JobControl {
  return typeof order === 'string' && Object.hasOwn(controls, order);
}

/** What every action has; `texts` are further members of this one, as text. */
export function isActionInput(input: unknown, texts: readonly string[] = []): input is ActionInput {
  if (!isObject(input) || !isObject(input.actor)) return false;
  const { actor, expectedPhaseVersion } = input;
  return (
    isCount(expectedPhaseVersion) &&
    [actor.name, actor.role, input.reason, ...texts.map((text) => input[text])].every(
      (text) => typeof text === 'string',
    )
  );
}

function isHalt(halted: unknown): boolean {
  return isObject(halted) && typeof halted.reason === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
