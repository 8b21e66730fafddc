import type { PlanSummary } from '../domain/plan/plan-summary';
import { renderPlan } from '../domain/render/render-plan';
import { listAll, type Api } from './api-client';
import type { Rollout, RolloutUser, SavedTemplate } from './api-types';
import { chooseTemplate, templatePath, waitForPlan, type TemplateChoice } from './choose-template';
import { followRollout } from './follow-rollout';
import type { Narrator } from './narrate';
import { readDirectory, showOrganization } from './show-organization';
import { showReport } from './show-report';

/** Reads every second or two, for a minute at most: the simulator shows changes within seconds. */
const verification = { intervalsSeconds: [1, 1, 2, 2, 3], deadlineSeconds: 60 };
const usersPrinted = 30;

export interface Stage {
  api: Api;
  org: string;
  out: Narrator;
  signal: AbortSignal;
}

async function saveTemplate(stage: Stage, choice: TemplateChoice): Promise<SavedTemplate> {
  const { api, org, out } = stage;
  const { group, adds, removes, losesCalling } = choice;
  out.heading(
    `A template for ${group === null ? 'the organization' : `the group ${group.displayName}`}`,
  );
  out.line(`  It adds ${adds ?? 'nothing new'} and removes ${removes ?? 'nothing'}.`);
  if (losesCalling > 0) {
    out.line(
      '  It also removes Webex Calling permanently, which has to be acknowledged in the plan.',
    );
  }
  const saved = await api.send<SavedTemplate>('PUT', templatePath(org, group), {
    name: `${group?.displayName ?? 'Everybody'} standard`,
    entitlements: choice.entitlements,
    draft: true,
  });
  for (const warning of saved.warnings) out.line(`  ! ${warning.text}`);
  return saved;
}

interface Planned extends Rollout {
  summary: PlanSummary;
}

async function planRollout(
  stage: Stage,
  choice: TemplateChoice,
  { template }: SavedTemplate,
): Promise<Planned> {
  const { api, org, signal } = stage;
  const created = await api.send<Rollout>('POST', `${org}/rollouts`, {
    change: { kind: 'template', templateId: template.templateId },
    existingUsers: true,
    preserveLicenses: false,
    pilot: { sample: { count: Math.max(1, Math.min(5, Math.floor(choice.users / 4))) } },
    waves: [{ size: { percent: 50 } }, { size: { percent: 100 } }],
    gates: 'manual',
    acknowledgeIrreversible: choice.losesCalling > 0,
    reason: 'Demonstration',
  });
  const plan = await waitForPlan(api, created.links.self, signal);
  const { phase, phaseReason, summary, digest } = plan;
  if (phase !== 'planned' || summary === null || digest === null) {
    throw new Error(`There is no plan: ${phase}, ${phaseReason ?? 'without a reason'}.`);
  }
  return { ...plan, summary };
}

async function showPlan({ api, out }: Stage, plan: Planned): Promise<void> {
  out.heading('The plan');
  const rows = await listAll<RolloutUser>(api, `${plan.links.users}?limit=500`);
  const lines = renderPlan({
    title: plan.title,
    rows,
    summary: plan.summary,
    writesPerSecond: plan.pace.writesPerSecond,
    maxUsers: usersPrinted,
  });
  for (const line of lines) out.line(`  ${line}`);
}

async function carryOut(stage: Stage, plan: Rollout): Promise<Rollout> {
  const { api, out } = stage;
  out.heading('Start: the pilot first');
  await api.send('POST', `${plan.links.self}/start`, { digest: plan.digest });
  let rollout = await followRollout({ ...stage, rollout: plan });
  for (let gate = 0; rollout.phase === 'awaiting-promotion'; gate += 1) {
    out.line(
      gate === 0
        ? '  The pilot is written, and later reads show its changes. The gate waits for approval …'
        : '  The wave is written. The gate waits for approval …',
    );
    out.heading('Promote: the next wave');
    await api.send('POST', `${plan.links.self}/promote`, { reason: 'It looks right' });
    rollout = await followRollout({ ...stage, rollout });
  }
  if (rollout.phase !== 'completed') {
    throw new Error(
      `The rollout is ${rollout.phase}: ${rollout.phaseReason ?? 'without a reason'}.`,
    );
  }
  return rollout;
}

/** One whole rollout through the HTTP API: from the first read to the proof that Webex shows it. */
export async function tellStory(
  stage: Omit<Stage, 'org'> & { onFirstRead: () => Promise<void> },
): Promise<Rollout> {
  const { api, out, signal } = stage;
  const directory = await readDirectory(api, signal, stage.onFirstRead);
  const org = directory.path;
  showOrganization(directory, out);
  await api.send('PATCH', `${org}/settings`, { verification });
  out.status('  Looking for a suitable group …');
  const choice = await chooseTemplate({ ...stage, ...directory, org });
  const saved = await saveTemplate({ ...stage, org }, choice);
  const plan = await planRollout({ ...stage, org }, choice, saved);
  await showPlan({ ...stage, org }, plan);
  const done = await carryOut({ ...stage, org }, plan);
  await showReport({ api, out, rollout: done });
  return done;
}
