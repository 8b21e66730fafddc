import { renderPlan } from '../domain/render/render-plan';
import { listAll, type Api } from './api-client';
import type { Rollout, RolloutUser, SavedTemplate } from './api-types';
import { findTemplate, templatePath, waitForPlan, type TemplateChoice } from './find-template';
import { followRollout } from './follow-rollout';
import type { Narrator } from './narrate';
import { readDirectory, showOrganization } from './show-organization';
import { showReport } from './show-report';

/** Looks every second or two, and gives up after a minute: propagation takes seconds here. */
const verification = { intervalsSeconds: [1, 1, 2, 2, 3], deadlineSeconds: 60 };
const usersPrinted = 30;

export interface Stage {
  api: Api;
  org: string;
  out: Narrator;
  signal: AbortSignal;
}

async function saveAndPlan(stage: Stage, choice: TemplateChoice): Promise<Rollout> {
  const { api, org, out, signal } = stage;
  const whose =
    choice.group === null ? 'the organization' : `the group ${choice.group.displayName}`;
  out.heading(`A template for ${whose}`);
  out.line(`  It gives ${choice.gives ?? 'nothing new'} and takes ${choice.takes ?? 'nothing'}.`);
  if (choice.losesCalling > 0) {
    out.line(
      '  It takes Webex Calling too, for good: a plan with that has to be acknowledged (R68).',
    );
  }
  const { template, warnings } = await api.send<SavedTemplate>(
    'PUT',
    templatePath(org, choice.group),
    {
      name: `${choice.group?.displayName ?? 'Everybody'} standard`,
      entitlements: choice.entitlements,
      draft: true,
    },
  );
  for (const warning of warnings) out.line(`  ! ${warning.text}`);
  out.heading('The plan');
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
  if (plan.phase !== 'planned' || plan.summary === null || plan.digest === null) {
    throw new Error(`There is no plan: ${plan.phase}, ${plan.phaseReason ?? 'without a reason'}.`);
  }
  const rows = await listAll<RolloutUser>(api, `${plan.links.users}?limit=500`);
  const lines = renderPlan({
    title: plan.title,
    rows,
    summary: plan.summary,
    writesPerSecond: plan.pace.writesPerSecond,
    maxUsers: usersPrinted,
  });
  for (const line of lines) out.line(`  ${line}`);
  return plan;
}

async function carryOut(stage: Stage, plan: Rollout): Promise<Rollout> {
  const { api, out } = stage;
  out.heading('Start: the pilot first');
  await api.send('POST', `${plan.links.self}/start`, { digest: plan.digest });
  let rollout = await followRollout({ ...stage, rollout: plan });
  for (let gate = 0; rollout.phase === 'awaiting-promotion'; gate += 1) {
    out.line(
      gate === 0
        ? '  The pilot was written and seen in later reads. The gate waits for a person …'
        : '  The wave was written. The gate waits for a person …',
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

/** One whole rollout, from what is there to the proof that it has arrived, through the HTTP API only. */
export async function tellStory(stage: Omit<Stage, 'org'>): Promise<Rollout> {
  const { api, out, signal } = stage;
  const directory = await readDirectory(api, signal);
  const org = directory.path;
  showOrganization(directory, out);
  await api.send('PATCH', `${org}/settings`, { verification });
  out.status('  Looking for a group that shows something …');
  const choice = await findTemplate({ ...stage, ...directory, org });
  const plan = await saveAndPlan({ ...stage, org }, choice);
  const done = await carryOut({ ...stage, org }, plan);
  await showReport({ api, out, rollout: done });
  return done;
}
