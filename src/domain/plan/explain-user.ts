import { covers } from '../kinds/scope';
import { refOf, type Desired } from '../templates/compose-templates';
import { createDesires } from '../kinds/desired-by-user';
import type { Candidate } from '../kinds/candidate';
import type { Template, TemplateRef } from '../model/template';
import type { PlannedUser } from './planned-user';
import { createPlanner } from './planner';
import type { PlanContext } from '../kinds/plan-context';
import type { Reaction } from '../watch/reaction';
import { completeRequest, type PartialRequest } from '../kinds/complete-request';

export interface ExplainInput extends Pick<
  PlanContext,
  'templates' | 'licenses' | 'settings' | 'vanishedGroups'
> {
  /** With provenance, and with the reaction that waits for them where there is one. */
  candidate: Candidate;
}

/** What planning would decide about one user now. */
export interface UserExplanation {
  /** Over all templates in force (R11), and without the organization's where R20 says so. */
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
  const { candidate } = input;
  const reaction = candidate.reaction ?? { mode: 'add', causes: [] };
  const reconcile = requestOf({ change: { kind: 'reconcile' } });
  return {
    desired: createDesires(contextOf(input, reconcile))(candidate),
    reconciliation: planOne(input, reconcile, { ...candidate, reaction }),
    reaction,
    exact: exactRollout(input),
  };
}

function exactRollout(input: ExplainInput): UserExplanation['exact'] {
  const template = templateFor(input);
  if (!template) return null;
  const { templateId, revision } = template;
  const request = requestOf({
    change: { kind: 'template', templateId, revision },
    existingUsers: true,
    preserveLicenses: false,
  });
  const row = planOne(input, request, input.candidate);
  return row && { template: refOf(template), row };
}

/** Whichever is rolled out, all are compared with (R19a); the organization's includes everybody (R20). */
function templateFor({ templates, candidate }: ExplainInput): Template | undefined {
  const reaching = templates.filter((template) => covers(template, candidate));
  return reaching.find(({ scope }) => scope.kind === 'organization') ?? reaching[0];
}

function planOne(
  input: ExplainInput,
  request: PlanContext['request'],
  candidate: Candidate,
): PlannedUser | null {
  const planner = createPlanner(contextOf(input, request));
  planner.survey(candidate);
  planner.arrange();
  return planner.assemble(candidate);
}

function contextOf(
  { templates, licenses, settings, vanishedGroups }: ExplainInput,
  request: PlanContext['request'],
): PlanContext {
  return { templates, licenses, settings, vanishedGroups, request, ending: null };
}

function requestOf(partial: PartialRequest) {
  return completeRequest({ pilot: null, ...partial });
}
