import { sizeOf } from './cut-waves';
import type { LicenseIndex } from '../licenses/license-index';
import type { Template } from '../model/template';
import { freeOffers, offerLabel, serviceOf } from '../licenses/offers';
import type { PlanSummary } from './plan-summary';
import type { PlanWarning } from '../model/warning';
import type { PlanContext } from '../kinds/plan-context';
import { templatesGivingBack } from '../decide/decide-service-removal';

export interface WarningInput {
  context: PlanContext;
  index: LicenseIndex;
  /** All of the summary but its warnings. */
  summary: Omit<PlanSummary, 'warnings'>;
  /** Rings found; the summary lists at most 100. */
  ringCount: number;
  /** Users in scope who hold a license that the organization doesn't list, by offer. */
  unlistedHolders: ReadonlyMap<string, number>;
}

/** What whoever starts the plan should have read first. */
export function planWarnings(input: WarningInput): PlanWarning[] {
  return [
    ...scopeWarnings(input),
    ...lossWarnings(input),
    ...unitWarnings(input),
    ...licenseWarnings(input),
    ...contactCenterWarnings(input),
  ];
}

function scopeWarnings({ context, summary }: WarningInput): PlanWarning[] {
  const { request, templates } = context;
  const warnings: PlanWarning[] = [];
  const { change } = request;
  if (!request.existingUsers) {
    const takes = change.kind === 'template' && change.removedServices !== undefined;
    const text = takes
      ? 'Existing users are not included: only those lose something whom the template gave what it grants no more.'
      : 'Existing users are not included: this plan changes nobody.';
    warnings.push({ code: 'no-existing-users', text, rule: takes ? 'R31' : 'R23' });
  }
  if (request.pilot !== null && summary.planned > 0 && summary.waves[0]?.wave !== 0) {
    const text = 'The plan changes nobody who is in the pilot: it begins with the first wave.';
    warnings.push({ code: 'pilot-empty', text, rule: 'R79' });
  }
  const rest = restOfLastWave(request, summary);
  if (rest > 0) {
    const text = `The waves that were asked for leave ${users(rest)}: the last wave takes them, too.`;
    warnings.push({ code: 'last-wave-takes-rest', text, rule: 'R79' });
  }
  for (const { name, scope } of vanishedTemplates(context)) {
    const groupId = scope.kind === 'group' ? scope.groupId : '';
    const group = context.groupNames?.get(groupId) ?? groupId;
    const text = `The group "${group}" of template "${name}" wasn't shown by the last look: nobody in it loses anything by this plan.`;
    warnings.push({ code: 'group-vanished', text, rule: 'R33' });
  }
  if (change.kind === 'preview' && change.switchesSide) {
    const text =
      'Saving this template means switching sides: templates of the other kind would be deleted, which takes nothing from anybody.';
    warnings.push({ code: 'switches-side', text, rule: 'R2' });
  }
  if (change.kind === 'restore-services' && summary.planned > 0) {
    const text =
      "What is given back may take up to a day to show, and brings access only to data that the organization's retention policy has kept.";
    warnings.push({ code: 'restores-access', text, rule: 'R81' });
  }
  if (change.kind !== 'remove-services') return warnings;
  const { services } = change;
  for (const { name } of templatesGivingBack(services, templates)) {
    const text = `Template "${name}" still grants what is being turned off and would give it back.`;
    warnings.push({ code: 'gives-back', text, rule: 'R59a' });
  }
  return warnings;
}

/** Users whom the last wave takes beyond the size that was asked for. */
function restOfLastWave(
  { waves }: PlanContext['request'],
  summary: WarningInput['summary'],
): number {
  const asked = waves.at(-1);
  const last = summary.waves.find(({ wave }) => wave === waves.length);
  if (asked === undefined || last === undefined) return 0;
  return Math.max(0, last.users - sizeOf(asked.size, summary.planned));
}

/** Files and turned-off services say themselves who loses what. */
function vanishedTemplates(context: PlanContext): Template[] {
  const { templates, ending, vanishedGroups, request } = context;
  const { kind } = request.change;
  if (kind === 'csv' || kind === 'remove-services' || kind === 'restore-services') return [];
  return [...templates, ...(ending ? [ending] : [])].filter(
    ({ scope }) => scope.kind === 'group' && vanishedGroups.includes(scope.groupId),
  );
}

function lossWarnings({ context, summary }: WarningInput): PlanWarning[] {
  const { change } = context.request;
  const losing = (offer: string) =>
    summary.totals.find((total) => total.operation === 'remove' && total.offer === offer)?.users ??
    0;
  const warnings: PlanWarning[] = [];
  if (change.kind === 'template' || change.kind === 'preview') {
    for (const offer of freeOffers.filter((one) => losing(one) > 0)) {
      const text = `${users(losing(offer))} would lose ${offerLabel(offer)} (${offer}), which no template of theirs grants.`;
      warnings.push({ code: 'free-offer-lost', text, rule: 'R13a' });
    }
  }
  if (losing('FMS') > 0) {
    const text =
      `${users(losing('FMS'))} would lose access to all spaces and messages; colleagues can't invite them to a space, ` +
      'make a space with them or start a 1:1 (the control stays visible, but inactive); in an existing 1:1 space ' +
      "a colleague can still post; a sender of another organization isn't told that a message doesn't arrive.";
    warnings.push({ code: 'messaging-off', text, rule: 'R84' });
  }
  const { users: lost, named } = summary.irreversibleRemovals;
  if (lost > 0) {
    const more = lost > named.length ? ` and ${lost - named.length} more` : '';
    const text = `${users(lost)} would lose Calling number, extension and voicemail for good: ${named.join(', ')}${more}.`;
    warnings.push({ code: 'irreversible', text, rule: 'R68' });
  }
  return warnings;
}

function unitWarnings({ summary, ringCount }: WarningInput): PlanWarning[] {
  const warnings = summary.units
    .filter(({ waiting }) => waiting > 0)
    .map(({ waiting, offer, site }): PlanWarning => {
      const where = site === null ? '' : ` on ${site}`;
      const label = offerLabel(offer);
      const named = label === offer ? offer : `${label} (${offer})`;
      const text = `No unit of ${named}${where} is left for ${users(waiting)}.`;
      return { code: 'units-short', text, rule: 'R46' };
    });
  if (ringCount > 0) {
    const text = `${ringCount} ${ringCount === 1 ? 'ring' : 'rings'} of users who need each other's units: none of them is served.`;
    warnings.push({ code: 'rings', text, rule: 'R46' });
  }
  return warnings;
}

function licenseWarnings({
  context,
  index,
  summary,
  unlistedHolders,
}: WarningInput): PlanWarning[] {
  const { templates, settings, request } = context;
  const warnings: PlanWarning[] = [];
  const listed = new Set(settings.subscriptions.map(({ id }) => id));
  const { kind } = request.change;
  const entitlements = kind === 'template' || kind === 'preview' ? templates : [];
  const granted = new Set<number>();
  for (const { name, entitlements: granting } of entitlements) {
    for (const { offer, site, accountType } of granting) {
      const pool = index.poolOf(offer, site ?? null);
      if (pool !== undefined) granted.add(pool);
      else if (accountType !== 'attendee') {
        const where = site === undefined ? '' : ` on ${site}`;
        const text = `Template "${name}" grants ${offerLabel(offer)} (${offer})${where}, for which the organization has no license any more.`;
        warnings.push({ code: 'license-gone', text, rule: 'R46' });
      }
    }
  }
  // Files and reactions give what no template of theirs has to grant.
  for (const { licenseId, taken, waiting } of summary.units) {
    const position = index.positionOf(licenseId);
    if (position !== undefined && taken + waiting > 0) granted.add(index.poolAt(position));
  }
  for (const pool of granted) {
    const { offer, site, members } = index.pools[pool] ?? { offer: '', site: null, members: [] };
    const ids = members.flatMap((position) => index.licenses[position]?.subscriptionId ?? []);
    const unlisted = ids.filter((id) => !listed.has(id));
    if (members.length < 2 || unlisted.length === 0) continue;
    const where = site === null ? '' : ` on ${site}`;
    const text = `${offerLabel(offer)} (${offer})${where} is in several subscriptions, and the age of ${unlisted.join(', ')} isn't configured: used last, by id.`;
    warnings.push({ code: 'unlisted-subscription', text, rule: 'R44' });
  }
  for (const [offer, holders] of [...unlistedHolders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = `${users(holders)} ${holders === 1 ? 'holds' : 'hold'} ${offer}, which the organization doesn't list: never touched.`;
    warnings.push({ code: 'unlisted-license', text, rule: 'R45' });
  }
  return warnings;
}

function contactCenterWarnings({ summary }: WarningInput): PlanWarning[] {
  const granted = summary.totals
    .filter(({ operation, offer }) => operation === 'add' && serviceOf(offer) === 'contact-center')
    .reduce((sum, total) => sum + total.users, 0);
  if (granted === 0) return [];
  const text = `Contact Center is granted to ${users(granted)}: profiles of existing agents may be reset.`;
  return [{ code: 'contact-center-profile', text, rule: 'R43' }];
}

function users(n: number): string {
  return `${n} ${n === 1 ? 'user' : 'users'}`;
}
