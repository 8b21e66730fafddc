import { covers, findTemplate, scopeOf } from '../kinds/scope';
import type { Desired } from '../templates/compose-templates';
import { csvPolicy } from '../policies/csv-policy';
import { refuseStale } from '../decide/refuse-stale';
import { decideUser } from '../decide/decide-user';
import type { Decision } from '../decide/decision';
import { createDesires, type Desires } from '../kinds/desired-by-user';
import { holdingsIn, type LicenseIndex } from '../licenses/license-index';
import type { Candidate } from '../kinds/candidate';
import type { Template } from '../model/template';
import type { PlanContext } from '../kinds/plan-context';
import { templatePolicy, type Policy } from '../decide/policy';
import { reactionPolicy } from '../policies/reaction-policy';
import { restorePolicy } from '../policies/restore-policy';
import { decideServiceRemoval } from '../decide/decide-service-removal';
import { withdrawalPolicy } from '../policies/withdrawal-policy';

/** Decides about candidates; null: out of scope. */
export type Decider = (candidate: Candidate) => Decision | null;

/** Users who hold the same and belong to the same groups are decided about once. */
const rememberedDecisions = 5_000;

export function createDecider(context: PlanContext, index: LicenseIndex): Decider {
  const isInScope = scopeOf(context);
  const decide = decisionOf(context, index);
  const administers = administratorsOf(context);
  const remembered = new Map<string, Decision>();
  return (candidate) => {
    if (!isInScope(candidate)) return null;
    const sites = administers(candidate);
    const key = signatureOf(candidate, sites);
    const known = remembered.get(key);
    if (known) return known;
    const decision = decide(candidate, sites);
    if (remembered.size >= rememberedDecisions) remembered.clear();
    remembered.set(key, decision);
    return decision;
  };
}

type Decide = (candidate: Candidate, administers: ReadonlySet<string> | undefined) => Decision;

function decisionOf(context: PlanContext, index: LicenseIndex): Decide {
  const { change } = context.request;
  const { callingOffers } = context.settings;
  if (change.kind === 'remove-services') {
    const { services } = change;
    return ({ holdings }) => decideServiceRemoval({ services, holdings, index, callingOffers });
  }
  const policyFor = policiesOf(context, index);
  const attendeeFeature = new Set(context.settings.attendeeSites.map((site) => site.toLowerCase()));
  return (candidate, administers) => {
    const decision = decideUser({
      policy: policyFor(candidate),
      holdings: candidate.holdings,
      index,
      callingOffers,
      attendeeFeature,
      ...(administers ? { administers } : {}),
      ...(candidate.calling ? { calling: candidate.calling } : {}),
    });
    return candidate.csv?.isStale ? refuseStale(decision) : decision;
  };
}

/** What the change wants of each user, by its kind. */
function policiesOf(context: PlanContext, index: LicenseIndex): (candidate: Candidate) => Policy {
  const { request, settings } = context;
  const { change } = request;
  const { callingOffers } = settings;
  const desires = createDesires(context);
  switch (change.kind) {
    case 'template':
    case 'preview':
    case 'delete-template':
      return templatePolicies(context, desires, index);
    case 'csv':
      return ({ csv }) =>
        csvPolicy({ wish: csv ?? { line: 0, cells: [] }, mode: change.mode, callingOffers });
    case 'restore-services':
      return ({ taken }) => restorePolicy(taken ?? []);
    case 'reconcile':
      return (candidate) =>
        reactionPolicy({
          mode: candidate.reaction?.mode ?? 'add',
          isSpared: isSpared(context, candidate),
          desired: desires(candidate),
          joined: joinedBy(candidate, desires),
          provenance: candidate.provenance ?? {},
          withheld: candidate.waiting?.changes ?? [],
          callingOffers,
        });
    case 'remove-services':
      throw new Error('turning services off has no policy');
  }
}

/** R15, R27: what the groups that somebody joined grant, and no template of the organization. */
function joinedBy({ reaction, ...candidate }: Candidate, desires: Desires): Desired | null {
  const joined = (reaction?.causes ?? []).flatMap((cause) =>
    cause.kind === 'joined' ? [cause.groupId] : [],
  );
  if (joined.length === 0) return null;
  const groupIds = candidate.groupIds.filter((groupId) => joined.includes(groupId));
  return desires({ ...candidate, groupIds, isExplicit: true });
}

function templatePolicies(
  context: PlanContext,
  desires: Desires,
  index: LicenseIndex,
): (candidate: Candidate) => Policy {
  const { request, templates, ending } = context;
  const { change, existingUsers, preserveLicenses } = request;
  const plain = (candidate: Candidate) =>
    templatePolicy(desires(candidate), preserveLicenses || isSpared(context, candidate));
  if (change.kind === 'delete-template') {
    const template = ending ?? findTemplate(templates, change.templateId);
    return withdrawals({ rule: 'R30', template, grantsTo: () => false });
  }
  if (change.kind !== 'template' || change.removedServices === undefined) return plain;
  const template = findTemplate(templates, change.templateId);
  const grantsTo = (candidate: Candidate) => existingUsers && covers(template, candidate);
  const withdraw = withdrawals({ rule: 'R31', template, grantsTo });
  return (candidate) =>
    grantsTo(candidate) && !preserveLicenses ? plain(candidate) : withdraw(candidate);

  function withdrawals(input: {
    rule: 'R30' | 'R31';
    template: Template;
    grantsTo: (candidate: Candidate) => boolean;
  }): (candidate: Candidate) => Policy {
    return (candidate) => {
      if (hasVanished(context, input.template) || isSpared(context, candidate))
        return templatePolicy(noDesires, true);
      return withdrawalPolicy({
        rule: input.rule,
        template: input.template,
        desired: desires(candidate),
        held: holdingsIn(index, candidate.holdings.licenses),
        attendeeSites: candidate.holdings.attendeeSites ?? [],
        provenance: candidate.provenance ?? {},
        alsoGrants: input.grantsTo(candidate),
      });
    };
  }
}

const noDesires = { entries: [], templates: [] };

/** R33: a template whose group has vanished takes nothing from anybody. */
function hasVanished({ vanishedGroups }: PlanContext, { scope }: Template): boolean {
  return scope.kind === 'group' && vanishedGroups.includes(scope.groupId);
}

/** R33: members of a group that has vanished lose nothing before it is known to be deleted. */
function isSpared({ vanishedGroups }: PlanContext, { groupIds }: Candidate): boolean {
  return vanishedGroups.length > 0 && groupIds.some((id) => vanishedGroups.includes(id));
}

/** R39: sites by who administers them, as the settings say. */
function administratorsOf({
  settings,
}: PlanContext): (candidate: Candidate) => ReadonlySet<string> | undefined {
  const byEmail = new Map<string, Set<string>>();
  for (const { site, users } of settings.siteAdministrators) {
    for (const user of users) {
      const email = user.toLowerCase();
      byEmail.set(email, (byEmail.get(email) ?? new Set()).add(site.toLowerCase()));
    }
  }
  return ({ email }) => (byEmail.size === 0 ? undefined : byEmail.get(email.toLowerCase()));
}

function signatureOf(candidate: Candidate, administers: ReadonlySet<string> | undefined): string {
  const { groupIds, holdings, isExplicit, calling } = candidate;
  const sites = holdings.attendeeSites?.join() ?? '?';
  const base = `${groupIds.join()} ${holdings.licenses.join()} ${sites}`;
  const { provenance, reaction, waiting, csv, taken } = candidate;
  const cause = calling && !calling.can ? calling : undefined;
  const rare = { isExplicit, provenance, reaction, waiting, csv, taken, cause };
  const isPlain = !administers && Object.values(rare).every((value) => !value);
  if (isPlain) return base;
  return `${base} ${JSON.stringify(rare)} ${[...(administers ?? [])].join()}`;
}
