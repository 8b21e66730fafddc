import { createHash } from 'node:crypto';
import type { PlanContext } from '../../kinds/plan-context';
import { compareText } from '../../model/text/compare-text';
import type { OrgSettings } from '../../model/settings';

/** Settings that decisions depend on. */
const decidingSettings = [
  'compositionMode',
  'attendeeSites',
  'siteAdministrators',
  'subscriptions',
  'callingOffers',
  'includeParentGroups',
  'preserveOnGroupTransition',
] as const satisfies readonly (keyof OrgSettings)[];

/**
 * What a plan was made from, apart from its users: short enough to be stored with it. Where two are
 * equal, so are the decisions about users who hold what they held (R101).
 */
export interface PlanBasis {
  /** By id. The rollout's own revision stands in place of the one in force. */
  templates: Record<string, { name: string; revision: number }>;
  /** A digest of each setting. */
  settings: Record<string, string>;
  licenses: string;
  vanishedGroups: string;
  /** A digest of the members of each group that counts. */
  memberships: Record<string, string>;
}

export function basisOf(
  context: Pick<PlanContext, 'templates' | 'ending' | 'settings' | 'licenses' | 'vanishedGroups'>,
  memberships: PlanBasis['memberships'],
): PlanBasis {
  const { templates, ending, settings, licenses, vanishedGroups } = context;
  const all = [...templates, ...(ending ? [ending] : [])];
  const sold = licenses.map(({ id, subscriptionId }) => [id, subscriptionId ?? '']);
  return {
    templates: Object.fromEntries(
      all
        .sort((a, b) => compareText(a.templateId, b.templateId))
        .map(({ templateId, name, revision }) => [templateId, { name, revision }]),
    ),
    settings: Object.fromEntries(decidingSettings.map((name) => [name, digestOf(settings[name])])),
    licenses: digestOf(sold.sort(([a = ''], [b = '']) => compareText(a, b))),
    vanishedGroups: digestOf([...vanishedGroups].sort()),
    memberships,
  };
}

/** One sentence for each thing that is not as it was; none where both are the same. */
export function whatChanged(before: PlanBasis, now: PlanBasis): string[] {
  const settings = decidingSettings.filter((name) => before.settings[name] !== now.settings[name]);
  return [
    ...changedTemplates(before.templates, now.templates),
    ...settings.map((name) => `The setting ${name} was changed.`),
    ...(before.licenses === now.licenses ? [] : ['The licenses of the organization have changed.']),
    ...(before.vanishedGroups === now.vanishedGroups
      ? []
      : ['Groups with a template have disappeared from the directory, or have come back.']),
    ...(haveSameMembers(before.memberships, now.memberships)
      ? []
      : ['Users have joined or left groups that have a template or that the plan names.']),
  ];
}

/** Of groups that count only before or only now, the templates tell. */
function haveSameMembers(before: PlanBasis['memberships'], now: PlanBasis['memberships']): boolean {
  return Object.entries(now).every(([id, members]) => (before[id] ?? members) === members);
}

function changedTemplates(before: PlanBasis['templates'], now: PlanBasis['templates']): string[] {
  const changed = Object.entries(now).flatMap(([id, { name, revision }]) => {
    const known = before[id];
    if (known?.revision === revision) return [];
    return known
      ? [
          `Template "${name}" was saved: revision ${revision} is in force, the plan was made with ${known.revision}.`,
        ]
      : [`Template "${name}" is new or has come into force.`];
  });
  const ended = Object.entries(before).flatMap(([id, { name }]) =>
    now[id] ? [] : [`Template "${name}" has ended.`],
  );
  return [...changed, ...ended];
}

/** Short: it is stored for each setting of each plan. */
function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
