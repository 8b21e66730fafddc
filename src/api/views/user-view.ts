import {
  findUsers,
  groupsOfUser,
  listLedger,
  listLicenses,
  type OrganizationRow,
  type UserRow,
} from '../../db/directory';
import { listRolloutsOfUser } from '../../db/rollout-users';
import { readSettings } from '../../db/settings';
import { templatesInForce } from '../../db/templates';
import { desiredFor, type DesiredEntry } from '../../domain/composition';
import type { License } from '../../domain/model';
import { offerOfLicenseId, siteOfLicenseId, toWebexId } from '../../domain/webex-id';
import { rolloutAddress } from '../addresses';
import type { ApiDeps } from '../deps';
import { notFound } from '../problem';
import { believedHoldings, userBriefView } from './directory-view';

const historyLimit = 200;

/** One user, whole: what they hold, what they should and why, and what was done to them. */
export async function userView(deps: ApiDeps, organization: OrganizationRow, given: string) {
  const row = await userOfAddress(deps, organization, given);
  const { orgId } = organization;
  const user = { orgId, personId: row.personId, limit: historyLimit };
  const [groups, templates, { settings }, licenses, ledger, rollouts] = await Promise.all([
    groupsOfUser(deps.db, user),
    templatesInForce(deps.db, orgId),
    readSettings(deps.db, orgId, deps.defaults.settings),
    listLicenses(deps.db, orgId),
    listLedger(deps.db, user),
    listRolloutsOfUser(deps.db, user),
  ]);
  const now = new Date();
  const { holdings, source } = believedHoldings(row, now);
  const held = holdings.licenses.map((id) => heldLicense(id, licenses));
  const desired = desiredFor({
    groupIds: groups.map(({ groupId }) => groupId),
    templates,
    mode: settings.compositionMode,
    callingOffers: settings.callingOffers,
  });
  return {
    ...userBriefView(row, now),
    holdsSource: source,
    licenses: held,
    shouldHold: desired.entries.map(({ offer, site, kind, rule, requiredBy, ...entry }) => ({
      offer,
      site,
      kind,
      held: isHeld({ offer, site, kind }, { held, attendeeSites: holdings.attendeeSites ?? [] }),
      rule,
      requiredBy,
      templates: entry.templates,
    })),
    templates: desired.templates,
    groups: groups.map(({ groupId, displayName }) => ({ groupId, displayName })),
    ledger: ledger.map(({ at, operation, target, change, actor, rolloutId }) => ({
      at: at.toISOString(),
      operation,
      target,
      change,
      actor,
      rollout: rolloutAddress(orgId, rolloutId),
    })),
    rollouts: rollouts.map(({ row: { seq, outcome, changes, detail, rolloutId }, ...rollout }) => ({
      title: rollout.title,
      createdAt: rollout.createdAt.toISOString(),
      seq,
      outcome,
      changes,
      detail,
      rollout: rolloutAddress(orgId, rolloutId),
    })),
    asOf: row.readAt.toISOString(),
  };
}

async function userOfAddress(
  deps: ApiDeps,
  { orgId, orgUuid }: OrganizationRow,
  given: string,
): Promise<UserRow> {
  const id = given.includes('@') ? undefined : toWebexId('person', given, orgUuid);
  const wanted = id === undefined ? { ids: [], emails: [given] } : { ids: [id], emails: [] };
  const [row] = await findUsers(deps.db, { orgId, ...wanted });
  if (!row) throw notFound('user with this id or address');
  return row;
}

function heldLicense(licenseId: string, licenses: readonly License[]) {
  const listed = licenses.find(({ id }) => id === licenseId);
  return {
    licenseId,
    offer: listed?.offer ?? offerOfLicenseId(licenseId) ?? null,
    site: listed?.site ?? siteOfLicenseId(licenseId) ?? null,
    name: listed?.name ?? null,
  };
}

function isHeld(
  { offer, site, kind }: Pick<DesiredEntry, 'offer' | 'site' | 'kind'>,
  holds: { held: ReturnType<typeof heldLicense>[]; attendeeSites: string[] },
): boolean {
  if (kind === 'attendee') return site !== null && holds.attendeeSites.includes(site);
  return holds.held.some(
    (one) => one.offer === offer && (one.site?.toLowerCase() ?? null) === site,
  );
}
