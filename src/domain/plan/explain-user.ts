import { completeRequest, type PartialRequest } from '../kinds/complete-request';
import type { Candidate } from '../kinds/candidate';
import { desiredByUser } from '../kinds/desired-by-user';
import type { PlanContext } from '../kinds/plan-context';
import { covers } from '../kinds/reach';
import type { Template, TemplateRef } from '../model/template';
import type { RolloutRequest } from '../request/rollout-request';
import { refOf, type Desired } from '../templates/compose-templates';
import type { Reaction } from '../watch/reaction';
import type { PlannedUser } from './planned-user';
import { createPlanner, plannedUser } from './planner';

export interface ExplainInput extends Pick<
  PlanContext,
  'templates' | 'licenses' | 'settings' | 'vanishedGroups'
> {
  /** With provenance, and with the reaction that waits for them where there is one. */
  candidate: Candidate;
}

/** What planning would decide about one user now. */
export interface UserExplanation {
  /** Over all templates in force (R11), and without the organization's for explicit users (R20). */
  desired: Desired;
  /** What the next reconciliation would do; null: such users are never touched (R17, R52). */
  reconciliation: PlannedUser | null;
  /** As the watch found it, or `add` where it found nothing. */
  reaction: Reaction;
  /**
   * For comparison: the rollout of a template to existing users with preserve off (R19, R19a).
   * Null: no template reaches this user.
   */
  exact: { template: TemplateRef; row: PlannedUser } | null;
}

/** The very decision of planning, about one user alone: units are those that are left now. */
export function explainUser(input: ExplainInput): UserExplanation {
  const { templates, settings } = input;
  const candidate = asFound(input.candidate);
  const request = completeRequest({ change: { kind: 'reconcile' }, pilot: null });
  return {
    desired: desiredByUser({ templates, settings, includesExplicitUsers: false })(candidate),
    reconciliation: planOne(input, request, candidate),
    reaction: candidate.reaction,
    exact: exactRollout(input),
  };
}

/** A user about whom the watch found nothing would only be added to. */
function asFound(candidate: Candidate): Extract<Candidate, { from: 'reconcile' }> {
  if (candidate.from === 'reconcile') return candidate;
  return { ...candidate, from: 'reconcile', reaction: { mode: 'add', causes: [] }, waiting: [] };
}

function exactRollout(input: ExplainInput): UserExplanation['exact'] {
  const template = templateFor(input);
  if (!template) return null;
  const { templateId, revision } = template;
  const partial: PartialRequest = {
    change: { kind: 'template', templateId, revision },
    existingUsers: true,
    preserveLicenses: false,
    pilot: null,
  };
  const row = planOne(input, completeRequest(partial), input.candidate);
  return row && { template: refOf(template), row };
}

/** Whichever is rolled out, all are compared with (R19a); the organization's includes everybody (R20). */
function templateFor({ templates, candidate }: ExplainInput): Template | undefined {
  const reaching = templates.filter((template) => covers(template, candidate));
  return reaching.find(({ scope }) => scope.kind === 'organization') ?? reaching[0];
}

function planOne(
  { templates, licenses, settings, vanishedGroups }: ExplainInput,
  request: RolloutRequest,
  candidate: Candidate,
): PlannedUser | null {
  const context = { templates, licenses, settings, vanishedGroups, request, ending: null };
  const planner = createPlanner(context);
  planner.survey(candidate);
  planner.arrange();
  const placed = planner.decideAgain(0, candidate);
  return placed && plannedUser(candidate, placed);
}
