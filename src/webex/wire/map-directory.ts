import type { CallingRecord } from '../../domain/licenses/calling';
import type { UserKind } from '../../domain/model/user';
import type { License } from '../../domain/model/license';
import { offerOfLicenseId, siteOfLicenseId, uuidOf } from '../../domain/model/webex-id';
import type { WebexUser } from '../port/webex';
import { canonicalId, type IdForms } from './id-forms';
import type { WireLicense, WirePerson } from './wire';

export function sortedUnique(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

/** Converts a license, whose id has the stored form; null if its id has no offer code, because nothing can be decided about it. */
export function toLicense(wire: WireLicense): License | null {
  const { id } = wire;
  const offer = offerOfLicenseId(id);
  if (offer === undefined) return null;
  return {
    id,
    offer,
    name: wire.name ?? offer,
    site: wire.siteUrl?.toLowerCase() ?? siteOfLicenseId(id) ?? null,
    subscriptionId: wire.subscriptionId ?? null,
    siteType: wire.siteType ?? null,
    totalUnits: wire.totalUnits ?? 0,
    consumedUnits: consumedUnitsOf(wire),
  };
}

/** Null if Webex doesn't show the total or the used units: such a license never runs out. */
function consumedUnitsOf(wire: WireLicense): number | null {
  if (typeof wire.totalUnits !== 'number') return null;
  const { consumedUnits, consumedByUsers, consumedByWorkspaces } = wire;
  if (typeof consumedUnits === 'number') return consumedUnits;
  return typeof consumedByUsers === 'number' ? consumedByUsers + (consumedByWorkspaces ?? 0) : null;
}

export interface UserRead {
  ids: IdForms;
  /** The organization's own; null: unknown, so nobody counts as external. */
  orgUuid: string | null;
  /** Whether the read included what Calling needs. */
  callingData?: boolean;
}

/** Converts a user with the licenses of this read (none if it had no `licenses`). */
export function toUser(wire: WirePerson, about: UserRead): WebexUser {
  const { ids, orgUuid, callingData = false } = about;
  const email = wire.emails?.[0] ?? '';
  const fullName = [wire.firstName, wire.lastName].filter(Boolean).join(' ');
  const created = new Date(wire.created ?? NaN);
  return {
    personId: ids.person(wire.id),
    email,
    addresses: wire.emails ?? [],
    displayName: [wire.displayName, fullName, email].find(Boolean) ?? '',
    kind: kindOf(wire, orgUuid),
    holdings: {
      licenses: sortedUnique((wire.licenses ?? []).map((id) => ids.license(id))),
      attendeeSites: wire.siteUrls ? attendeeSites(wire.siteUrls) : null,
    },
    status: wire.status ?? null,
    invitePending: flagOf(wire.invitePending),
    loginEnabled: flagOf(wire.loginEnabled),
    createdAt: Number.isNaN(created.getTime()) ? null : created,
    calling: callingData ? callingRecordOf(wire) : null,
  };
}

/** Recorded answers have booleans, documented ones have words. */
function flagOf(value: boolean | string | null | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = value?.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

/** `work_extension` is the routing prefix and the extension: only `extension` is the bare one. */
function callingRecordOf({ phoneNumbers, extension, locationId }: WirePerson): CallingRecord {
  const work = (phoneNumbers ?? []).filter(({ type, value }) => type === 'work' && value);
  const number = work.find(({ primary }) => primary === true) ?? work[0];
  return {
    locationId: locationId ? canonicalId(locationId) : null,
    workNumber: number?.value ?? null,
    extension: extension === null || extension === undefined ? null : String(extension) || null,
  };
}

function kindOf(wire: WirePerson, ownOrgUuid: string | null): UserKind {
  const orgUuid = wire.orgId ? uuidOf(wire.orgId) : undefined;
  if (ownOrgUuid !== null && orgUuid !== undefined && orgUuid !== ownOrgUuid) return 'external';
  if (wire.type === 'bot') return 'bot';
  return wire.type === 'appuser' ? 'machine' : 'person';
}

/** Only `site#attendee` is reliable: plain sites have been observed without any host license. */
function attendeeSites(siteUrls: readonly string[]): string[] {
  return sortedUnique(
    siteUrls
      .map((siteUrl) => /^(.+)#attendee$/i.exec(siteUrl)?.[1]?.toLowerCase())
      .filter((site) => site !== undefined),
  );
}
