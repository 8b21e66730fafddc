import { basicMessaging } from '../domain/licenses/offers';
import type { Entitlement } from '../domain/model/template';
import { listAll, type Api } from './api-client';
import type { Group, License, Rollout, RolloutUser, SavedTemplate } from './api-types';
import { chooseEntitlements, type Choice } from './choose-entitlements';
import { waitFor } from './wait-for';

export interface TemplateChoice extends Choice {
  /** Null: the organization's template. */
  group: Group | null;
  users: number;
}

/** A group of this size makes a plan that fits on a screen and still has waves. */
const niceSize = 24;
const maxGroupsTried = 8;
const goodSize = 8;
const planTimeoutMs = 60_000;

export function templatePath(org: string, group: Group | null): string {
  return group === null
    ? `${org}/templates/organization`
    : `${org}/templates/groups/${encodeURIComponent(group.groupId)}`;
}

/** Groups that can have a template and have members, the best size first. */
export function candidateGroups(groups: Group[]): Group[] {
  const distance = ({ memberSize }: Group) => Math.abs(Math.log((memberSize ?? 1) / niceSize));
  return groups
    .filter(({ isLocation, memberSize }) => !isLocation && (memberSize ?? 0) >= 2)
    .sort((a, b) => distance(a) - distance(b) || (a.groupId < b.groupId ? -1 : 1));
}

/** Waits until a rollout has its plan. */
export function waitForPlan(api: Api, self: string, signal: AbortSignal): Promise<Rollout> {
  return waitFor({
    what: 'Planning',
    ask: () => api.get<Rollout>(self),
    until: ({ phase }) => phase !== 'planning',
    timeoutMs: planTimeoutMs,
    signal,
  });
}

/**
 * The members of a group and what they hold, read from a plan: a draft is planned, read and discarded,
 * which changes nobody.
 */
async function readMembers(options: {
  api: Api;
  org: string;
  group: Group | null;
  probe: Entitlement[];
  signal: AbortSignal;
}): Promise<RolloutUser[]> {
  const { api, org, group, probe, signal } = options;
  const path = templatePath(org, group);
  const { template } = await api.send<SavedTemplate>('PUT', path, {
    entitlements: probe,
    draft: true,
  });
  const created = await api.send<Rollout>('POST', `${org}/rollouts`, {
    change: { kind: 'template', templateId: template.templateId },
    existingUsers: true,
    reason: 'Reads the members of the group; it will not be started',
  });
  const plan = await waitForPlan(api, created.links.self, signal);
  const users =
    plan.phase === 'planned'
      ? await listAll<RolloutUser>(api, `${plan.links.users}?limit=500`)
      : [];
  if (plan.allowedActions.includes('discard')) {
    await api.send('POST', `${plan.links.self}/discard`, { reason: 'Only used for reading' });
    await waitFor({
      what: 'Discarding a plan',
      ask: () => api.get<Rollout>(plan.links.self),
      until: ({ phase }) => phase !== 'planned',
      timeoutMs: planTimeoutMs,
      signal,
    });
  }
  // Discarding may have dropped the draft with the plan (R16a).
  await api.send('DELETE', `${path}/draft`).catch(() => undefined);
  return users;
}

/** The group and the template for it that show additions and removals best in this organization. */
export async function chooseTemplate(options: {
  api: Api;
  org: string;
  licenses: License[];
  groups: Group[];
  signal: AbortSignal;
}): Promise<TemplateChoice> {
  const { api, org, licenses, groups, signal } = options;
  const candidates = candidateGroups(groups).slice(0, maxGroupsTried);
  const probe = probeOf(licenses);
  let best: TemplateChoice | null = null;
  for (const group of candidates.length > 0 ? candidates : [null]) {
    const users = await readMembers({ api, org, group, probe, signal });
    if (users.length === 0) continue;
    const choice = chooseEntitlements(
      licenses,
      users.map(({ before }) => before),
    );
    if (best === null || choice.score > best.score)
      best = { ...choice, group, users: users.length };
    if (isGoodEnough(best)) break;
  }
  if (best === null)
    throw new Error('No group of this organization has users for a demonstration.');
  return best;
}

/** The smallest template that can be saved: it is only planned, to read who is in a group. */
function probeOf(licenses: License[]): Entitlement[] {
  const first = licenses.find(({ offer }) => offer === basicMessaging) ?? licenses[0];
  if (!first) throw new Error('This organization has no licenses for a template.');
  const { offer, site } = first;
  return [site === null ? { offer } : { offer, site, accountType: 'host' }];
}

function isGoodEnough({ adds, removes, losesCalling, users }: TemplateChoice): boolean {
  return adds !== null && removes !== null && losesCalling === 0 && users >= goodSize;
}
