import {
  advancedMessaging,
  basicMessaging,
  basicSpaceMeetings,
  contactCenterPremium,
  contactCenterStandard,
  dependencyRank,
  isImplicit,
  offerLabel,
  prerequisitesOf,
} from '../licenses/offers';
import { compareText } from '../model/text/compare-text';
import type { CompositionMode, Entitlement, Template, TemplateRef } from '../model/template';
import type { CallingOffers } from '../model/settings';
import { grantKey } from '../model/target-key';

/** One thing that a user should hold, and the templates that grant it. */
export interface DesiredEntry {
  offer: string;
  site: string | null;
  /** `license` also stands for host: a license on a site (R34). */
  kind: 'license' | 'attendee';
  /** Attendee was granted in addition to host: the user gets it while no unit is left (R36). */
  attendeeFallback: boolean;
  /** Null: a template grants it. Otherwise the label of the offer that needs it (R53, R56). */
  requiredBy: string | null;
  rule: string;
  templates: TemplateRef[];
}

export interface Desired {
  /** Prerequisites before what needs them (R61), then by offer and site. */
  entries: DesiredEntry[];
  /** All templates that apply to the user. */
  templates: TemplateRef[];
}

export interface DesiredInput {
  /** Groups with this user as a direct member (R10); groups without a template are ignored. */
  groupIds: readonly string[];
  templates: readonly Template[];
  mode: CompositionMode;
  callingOffers?: CallingOffers;
  /** The organization template doesn't apply to this user (R20). */
  withoutOrganization?: boolean;
}

/** What a user should hold according to all templates together (R5, R7, R8, R9, R11). */
export function desiredFor(input: DesiredInput): Desired {
  const applying = templatesFor(input).sort((a, b) => compareText(a.templateId, b.templateId));
  const entries = new Map<string, DesiredEntry>();
  for (const template of applying) {
    for (const entitlement of template.entitlements) grant(entries, entitlement, refOf(template));
  }
  preferHost(entries);
  preferPremium(entries);
  addPrerequisites(entries, input.callingOffers ?? {});
  const rank = ({ offer }: DesiredEntry) => dependencyRank(offer, input.callingOffers);
  const sorted = [...entries].sort(([a, x], [b, y]) => rank(x) - rank(y) || compareText(a, b));
  return { entries: sorted.map(([, entry]) => entry), templates: applying.map(refOf) };
}

/** Entries of two desired sets together, in their order: host before attendee, Premium before Standard. */
export function unionOf(
  one: readonly DesiredEntry[],
  other: readonly DesiredEntry[],
): DesiredEntry[] {
  const entries = new Map<string, DesiredEntry>();
  for (const entry of [...one, ...other]) {
    const key = grantKey(entry);
    if (!entries.has(key)) entries.set(key, { ...entry });
  }
  preferHost(entries);
  preferPremium(entries);
  return [...entries.values()];
}

/** Offers that a template grants, with those that they need or include (R53, R55, R56). */
export function offersGranted(entitlements: readonly Entitlement[]): Set<string> {
  const { entries } = desiredByAlone({ templateId: '', name: '', revision: 0, entitlements });
  return new Set(entries.map(({ offer }) => offer));
}

/** What one template grants on its own, whatever its scope. */
export function desiredByAlone(
  template: TemplateRef & { entitlements: readonly Entitlement[] },
  callingOffers: CallingOffers = {},
): Desired {
  const scope = { kind: 'organization' as const };
  const templates = [{ ...template, scope, entitlements: [...template.entitlements] }];
  return desiredFor({ groupIds: [], templates, mode: 'union', callingOffers });
}

/**
 * The templates that apply to a user (R4, R6). In `exclusive` mode an organization has templates of one
 * kind only (R2), so none has to be left out.
 */
export function templatesFor(input: DesiredInput): Template[] {
  const { groupIds, templates, mode, withoutOrganization = false } = input;
  const groups = new Set(groupIds);
  const ofGroups = templates.filter(
    ({ scope }) => scope.kind === 'group' && groups.has(scope.groupId),
  );
  const ofOrganization = templates.filter(
    ({ scope }) => scope.kind === 'organization' && !withoutOrganization,
  );
  switch (mode) {
    case 'exclusive':
    case 'union':
      return [...ofOrganization, ...ofGroups];
    case 'group-overrides-organization':
      return ofGroups.length > 0 ? ofGroups : ofOrganization;
  }
}

export function refOf({ templateId, revision, name }: Template): TemplateRef {
  return { templateId, revision, name };
}

function grant(
  entries: Map<string, DesiredEntry>,
  entitlement: Entitlement,
  template: TemplateRef,
): void {
  const { offer } = entitlement;
  if (isImplicit(offer)) return;
  const site = entitlement.site?.toLowerCase() ?? null;
  const kind = entitlement.accountType === 'attendee' && site !== null ? 'attendee' : 'license';
  const key = grantKey({ kind, offer, site });
  const known = entries.get(key);
  if (known?.templates.some(({ templateId }) => templateId === template.templateId)) return;
  entries.set(key, {
    offer,
    site,
    kind,
    attendeeFallback: false,
    requiredBy: null,
    rule: known ? 'R7' : 'R11',
    templates: [...(known?.templates ?? []), template],
  });
}

/** R35: host on a site wins over attendee there, whatever the offers. */
function preferHost(entries: Map<string, DesiredEntry>): void {
  for (const [key, attendee] of entries) {
    if (attendee.kind !== 'attendee') continue;
    const hosts = [...entries.values()].filter(
      ({ kind, site }) => kind === 'license' && site === attendee.site,
    );
    if (hosts.length === 0) continue;
    entries.delete(key);
    for (const host of hosts) Object.assign(host, { attendeeFallback: true, rule: 'R35' });
  }
}

/** R41: of Contact Center Standard and Premium, granted together, users get Premium. */
function preferPremium(entries: Map<string, DesiredEntry>): void {
  const premium = entries.get(contactCenterPremium);
  if (premium && entries.delete(contactCenterStandard)) premium.rule = 'R41';
}

/** R53, R55, R56: adds what the granted offers need; FTM is part of any messaging. */
function addPrerequisites(entries: Map<string, DesiredEntry>, callingOffers: CallingOffers): void {
  for (const entry of [...entries.values()]) {
    if (entry.kind === 'attendee' || entry.offer === callingOffers.attendantConsole) continue;
    for (const offer of impliedBy(entry.offer)) {
      const known = entries.get(offer);
      if (known?.requiredBy === null) continue;
      const templates = [...(known?.templates ?? []), ...entry.templates];
      entries.set(offer, {
        offer,
        site: null,
        kind: 'license',
        attendeeFallback: false,
        requiredBy: known?.requiredBy ?? offerLabel(entry.offer),
        rule: ruleOf(offer, entry.offer),
        templates: distinct(templates),
      });
    }
  }
}

function impliedBy(offer: string): string[] {
  const isMessaging = offer === basicMessaging || offer === advancedMessaging;
  return [...prerequisitesOf(offer), ...(isMessaging ? [basicSpaceMeetings] : [])];
}

function ruleOf(offer: string, dependent: string): string {
  if (offer === basicMessaging) return dependent === advancedMessaging ? 'R53' : 'R54';
  return dependent === basicMessaging || dependent === advancedMessaging ? 'R56' : 'R55';
}

function distinct(templates: readonly TemplateRef[]): TemplateRef[] {
  const byId = new Map(templates.map((template) => [template.templateId, template]));
  return [...byId.values()].sort((a, b) => compareText(a.templateId, b.templateId));
}
