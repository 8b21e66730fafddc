import type { CsvWish } from '../../src/domain/csv/requested-cells';
import type { Candidate, KnownUser } from '../../src/domain/kinds/candidate';
import type { Change, ChangeTarget, ReasonCode } from '../../src/domain/model/change';
import type { Provenance } from '../../src/domain/model/user';
import type { Entitlement, Template } from '../../src/domain/model/template';
import type { License } from '../../src/domain/model/license';
import type { OrgSettings } from '../../src/domain/model/settings';
import type { PlannedUser } from '../../src/domain/plan/planned-user';
import type { PlanContext } from '../../src/domain/kinds/plan-context';
import { refOf } from '../../src/domain/templates/compose-templates';
import type { Reaction, ReactionMode } from '../../src/domain/watch/reaction';
import { createPlanner, plannedUser } from '../../src/domain/plan/planner';
import type { PlanSummary } from '../../src/domain/plan/plan-summary';
import { completeRequest, type PartialRequest } from '../../src/domain/kinds/complete-request';

export const siteA = 'a.webex.com';
export const siteB = 'b.webex.com';

const orgUuid = '7c9f6a52-0000-4000-8000-000000000001';

/** `EE@a.webex.com#2`: offer, site, and which subscription it comes from. */
export function licenseId(spec: string): string {
  const [rest = '', copy = '1'] = spec.split('#');
  const [offer = '', site] = rest.split('@');
  const uuid = `00000000-0000-4000-8000-0000000000${copy.padStart(2, '0')}`;
  const uri = `ciscospark://us/LICENSE/${orgUuid}:${offer}_${uuid}${site ? `_${site}` : ''}`;
  return Buffer.from(uri).toString('base64url');
}

/** Free unless it has units. */
export function aLicense(spec: string, units?: { total: number; used?: number }): License {
  const [rest = '', copy = '1'] = spec.split('#');
  const [offer = '', site] = rest.split('@');
  return {
    id: licenseId(spec),
    offer,
    name: `Name of ${spec}`,
    site: site ?? null,
    subscriptionId: units ? `Sub-${copy}` : null,
    siteType: null,
    totalUnits: units?.total ?? 100,
    consumedUnits: units ? (units.used ?? 0) : 100,
  };
}

/** The licenses of most stories: free ones, and plenty of the paid ones. */
export function someLicenses(): License[] {
  const plenty = { total: 100 };
  return [
    ...['FMS', 'FTM', 'FTC', 'FSS'].map((offer) => aLicense(offer)),
    ...['MS', 'CF', 'RTT', 'BCSTD', 'WXCSTD', 'WXCAC', 'WXCCA', 'CJPPRM', 'CJPSTD'].map((offer) =>
      aLicense(offer, plenty),
    ),
    ...[siteA, siteB].map((site) => aLicense(`EE@${site}`, plenty)),
  ];
}

/** The same licenses, with these in the place of theirs. */
export function licensesWith(...changed: License[]): License[] {
  const offers = new Set(changed.map(({ offer, site }) => `${offer}@${site ?? ''}`));
  const others = someLicenses().filter(({ offer, site }) => !offers.has(`${offer}@${site ?? ''}`));
  return [...others, ...changed];
}

export function someSettings(changed: Partial<OrgSettings> = {}): OrgSettings {
  return {
    compositionMode: 'union',
    subscriptions: ['1', '2', '3'].map((n) => ({ id: `Sub-${n}`, startsOn: `202${n}-01-01` })),
    attendeeSites: [siteA, siteB],
    callingOffers: { standard: 'WXCSTD', attendantConsole: 'WXCAC', customerAssist: 'WXCCA' },
    verification: { intervalsSeconds: [60, 120], deadlineSeconds: 86_400 },
    preserveOnGroupTransition: false,
    includeParentGroups: false,
    maxMemberDropPercent: 50,
    siteAdministrators: [],
    watch: { intervalSeconds: 300, floodLimit: 100 },
    ...changed,
  };
}

/** `EE@site`, `EE@site:attendee`, `MS`. */
export function entitlement(spec: string): Entitlement {
  const [rest = '', accountType] = spec.split(':');
  const [offer = '', site] = rest.split('@');
  if (site === undefined) return { offer };
  return { offer, site, accountType: accountType === 'attendee' ? 'attendee' : 'host' };
}

/** For the organization unless it names a group. */
export function aTemplate(
  grants: string[],
  options: { group?: string; id?: string } = {},
): Template {
  const { group } = options;
  const id = options.id ?? (group === undefined ? 'organization' : `of-${group}`);
  return {
    templateId: id,
    scope: group === undefined ? { kind: 'organization' } : { kind: 'group', groupId: group },
    name: `Template ${id}`,
    revision: 1,
    entitlements: grants.map(entitlement),
  };
}

export interface UserSpec {
  id?: string;
  holds?: string[];
  attends?: string[] | null;
  groups?: string[];
  inPilot?: boolean;
  isLeftOut?: boolean;
  kind?: Candidate['kind'];
  isExplicit?: boolean;
  /** By `MS` or `attendee:<site>`: the id of the template that gave it, or the kind of provenance. */
  origins?: Record<string, string>;
  reaction?: ReactionMode | Reaction;
  waiting?: Change[];
  csv?: CsvWish;
  taken?: ChangeTarget[];
}

export function aUser({ id = 'ann', holds = [], attends = [], ...spec }: UserSpec = {}): Candidate {
  const user: KnownUser = {
    personId: id,
    email: `${id}@acme.com`,
    displayName: id,
    kind: spec.kind ?? 'person',
    holdings: {
      licenses: holds.map(licenseId).sort(),
      attendeeSites: attends === null ? null : [...attends].sort(),
    },
    groupIds: spec.groups ?? [],
    inPilot: spec.inPilot ?? false,
    ...(spec.isLeftOut ? { isLeftOut: true } : {}),
    isExplicit: spec.isExplicit ?? false,
    provenance: provenanceFrom(spec.origins ?? {}),
  };
  const { reaction, waiting = [], csv, taken } = spec;
  if (csv) return { ...user, from: 'csv', wish: csv };
  if (taken) return { ...user, from: 'restore-services', taken };
  if (reaction === undefined) return { ...user, from: 'templates' };
  const found = typeof reaction === 'string' ? { mode: reaction, causes: [] } : reaction;
  return { ...user, from: 'reconcile', reaction: found, waiting };
}

const kindsOfOrigin = ['manual', 'explicit', 'implicit', 'unknown'] as const;

function provenanceFrom(origins: Record<string, string>): Record<string, Provenance> {
  return Object.fromEntries(
    Object.entries(origins).map(([what, origin]) => {
      const key = what.startsWith('attendee:') ? what : licenseId(what);
      const kind = kindsOfOrigin.find((one) => one === origin);
      const given = { kind: 'template', templateId: origin, revision: 1 } as const;
      return [key, kind ? { kind } : given];
    }),
  );
}

/** `EE@a.webex.com`, or `attendee:a.webex.com`. */
export function aTarget(spec: string): ChangeTarget {
  if (spec.startsWith('attendee:')) return { kind: 'attendee', site: spec.slice(9) };
  const [rest = ''] = spec.split('#');
  const [offer = '', site = null] = rest.split('@');
  return { kind: 'license', licenseId: licenseId(spec), offer, site };
}

/** `+MS`, `-attendee:a.webex.com`: a change that a rollout withheld, and why it had planned it. */
export function aWithheldChange(spec: string, code: ReasonCode, template?: Template): Change {
  const templates = template ? [refOf(template)] : [];
  return {
    operation: spec.startsWith('+') ? 'add' : 'remove',
    target: aTarget(spec.slice(1)),
    reason: { code, text: `withheld as ${code}`, rule: 'R46', templates },
    replacement: code === 'replaced',
  };
}

/** `{ MS: true, 'EE@a.webex.com': false, 'attendee:a.webex.com': true }` on line 2. */
export function aCsvRow(cells: Record<string, boolean>): CsvWish {
  return {
    line: 2,
    cells: Object.entries(cells).map(([spec, granted]) => {
      const target = aTarget(spec);
      const offer = target.kind === 'license' ? target.offer : 'EE';
      return { kind: target.kind, offer, site: target.site, granted };
    }),
  };
}

export interface Story extends Partial<Omit<PartialRequest, 'change'>> {
  change?: PartialRequest['change'];
  templates?: Template[];
  users: Candidate[];
  licenses?: License[];
  settings?: OrgSettings;
  vanishedGroups?: string[];
  ending?: Template;
}

export interface Plan {
  summary: PlanSummary;
  /** In order of service. */
  rows: PlannedUser[];
  /** The row of a user. */
  of(id: string): PlannedUser;
}

/** What a story is planned from: existing users on, waves of everybody at once, unless it says otherwise. */
export function contextOf(story: Omit<Story, 'users'>): PlanContext {
  const {
    templates = [],
    licenses = someLicenses(),
    settings = someSettings(),
    change,
    vanishedGroups = [],
    ending = null,
    ...request
  } = story;
  const templateId = templates[0]?.templateId ?? '';
  return {
    templates,
    licenses,
    settings,
    vanishedGroups,
    ending,
    request: completeRequest({
      change: change ?? { kind: 'template', templateId, revision: 1 },
      existingUsers: true,
      pilot: null,
      ...request,
    }),
  };
}

/** Plans a story. */
export function planOf(story: Story): Plan {
  const { users } = story;
  const planner = createPlanner(contextOf(story));
  users.forEach((user) => planner.survey(user));
  const summary = planner.arrange();
  const placed = users.flatMap((user, number) => {
    const one = planner.rememberAll(number, 1)
      ? planner.recall(number, user.personId)
      : planner.decideAgain(number, user);
    return one ? [plannedUser(user, one)] : [];
  });
  const rows = placed.sort((a, b) => a.seq - b.seq);
  return {
    summary,
    rows,
    of: (id) => {
      const row = rows.find(({ personId }) => personId === id);
      if (!row) throw new Error(`${id} is not in the plan`);
      return row;
    },
  };
}

/** `-MS +EE host@a.webex.com`, in the order in which the call carries them. */
export function changesOf(row: PlannedUser): string {
  return row.changes.map(shortLabel).join(' ');
}

/** `-MS`, `+EE host@a.webex.com`, `+attendee@a.webex.com`: the shorthand of tests. */
export function shortLabel({ operation, target }: Pick<Change, 'operation' | 'target'>): string {
  const sign = operation === 'add' ? '+' : '-';
  if (target.kind === 'attendee') return `${sign}attendee@${target.site}`;
  return `${sign}${target.offer}${target.site === null ? '' : ` host@${target.site}`}`;
}
