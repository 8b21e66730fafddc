import { decodeId } from '../organization/ids';
import { badRequest, licenseError, notFound } from '../server/api-error';
import type { Catalog, CatalogLicense } from '../organization/catalog';
import type { Settings } from '../state/settings';
import { isRecord } from '../server/read-body';

export interface CallingProperties {
  locationId?: string;
  phoneNumber?: string;
  extension?: string;
}

export interface LicenseAsked {
  license: CatalogLicense;
  operation: 'add' | 'remove';
  properties: CallingProperties | null;
}

export interface SiteAsked {
  site: string;
  operation: 'add' | 'remove';
}

/** The parsed body of `PATCH /licenses/users`. */
export interface Assignment {
  email: string | null;
  personId: string | null;
  orgId: string | null;
  licenses: LicenseAsked[];
  sites: SiteAsked[];
  /** Clients write `attendee` or `ATTENDEE`; the answer uses the same form. */
  shoutsAccountTypes: boolean;
}

/** Parses the body. Throws Webex's error for an invalid one. */
export function readAssignment(body: unknown, catalog: Catalog, settings: Settings): Assignment {
  if (!isRecord(body)) throw badRequest('The request body is not a JSON object.');
  const email = typeof body.email === 'string' && body.email !== '' ? body.email : null;
  const personId = typeof body.personId === 'string' && body.personId !== '' ? body.personId : null;
  if (email === null && personId === null) {
    throw badRequest('At least one of email or personId is required.');
  }
  const licenses = listOf(body.licenses, 'licenses').map((item) => readLicense(item, catalog));
  const sites = listOf(body.siteUrls, 'siteUrls').map((item) => readSite(item, catalog, settings));
  const orgId = typeof body.orgId === 'string' && body.orgId !== '' ? body.orgId : null;
  const shoutsAccountTypes = listOf(body.siteUrls, 'siteUrls').some(
    (item) => isRecord(item) && item.accountType === 'ATTENDEE',
  );
  return { email, personId, orgId, licenses, sites, shoutsAccountTypes };
}

function readLicense(item: unknown, catalog: Catalog): LicenseAsked {
  if (!isRecord(item) || typeof item.id !== 'string') {
    throw badRequest('Each entry of licenses needs an id.');
  }
  const license = catalog.find(item.id);
  if (!license && decodeId('LICENSE', item.id) === undefined) throw notFound();
  if (!license?.listed) {
    throw licenseError(400000, 'License not recognized', `License not recognized ${item.id}`);
  }
  return {
    license,
    operation: readOperation(item.operation),
    properties: isRecord(item.properties) ? readProperties(item.properties) : null,
  };
}

function readSite(item: unknown, catalog: Catalog, settings: Settings): SiteAsked {
  if (!isRecord(item) || typeof item.siteUrl !== 'string') {
    throw badRequest('Each entry of siteUrls needs a siteUrl.');
  }
  const site = item.siteUrl.toLowerCase();
  const accountType = typeof item.accountType === 'string' ? item.accountType.toLowerCase() : '';
  if (accountType !== 'attendee') {
    throw badRequest('accountType of siteUrls can only be attendee.');
  }
  const isOpen = settings.attendeeSites?.includes(site) ?? true;
  if (!catalog.sites().includes(site) || !isOpen) throw invalidSite(item.siteUrl);
  return { site, operation: readOperation(item.operation) };
}

export function invalidSite(site: string): Error {
  return licenseError(
    400216,
    'Invalid site URL',
    `Request contains invalid attendee siteUrls: ${site}`,
  );
}

function readOperation(operation: unknown): 'add' | 'remove' {
  const word = typeof operation === 'string' ? operation.toLowerCase() : (operation ?? 'add');
  if (word === 'add' || word === 'remove') return word;
  throw badRequest('operation can only be add or remove.');
}

function readProperties(properties: Record<string, unknown>): CallingProperties {
  const text = (key: 'locationId' | 'phoneNumber' | 'extension'): CallingProperties => {
    const value = properties[key];
    if (typeof value === 'number') return { [key]: String(value) };
    return typeof value === 'string' && value !== '' ? { [key]: value } : {};
  };
  return { ...text('locationId'), ...text('phoneNumber'), ...text('extension') };
}

function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw badRequest(`${name} must be a list.`);
}
