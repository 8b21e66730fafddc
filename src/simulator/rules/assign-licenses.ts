import type { Catalog, CatalogLicense } from '../organization/catalog';
import type { Organization } from '../organization/organization';
import { unitsLeft } from '../organization/units';
import { licenseError } from '../server/api-error';
import type { Distortion } from '../state/faults';
import type { Settings } from '../state/settings';
import { checkResult, checkStep } from './license-rules';
import { invalidSite, type Assignment, type LicenseAsked } from './read-assignment';

export interface AssignmentResult {
  status: 200 | 206;
  /** Catalog indices. */
  licenses: number[];
  attendeeSites: string[];
  /** Additions that took place, with their properties. */
  added: LicenseAsked[];
}

/**
 * Decides `PATCH /licenses/users` for a user who holds this (webex-api 1.4): what they hold after
 * it, or throws the code. Nothing is changed here.
 */
export function assignLicenses(
  organization: Organization,
  held: { licenses: readonly number[]; attendeeSites: readonly string[] },
  asked: Assignment,
  settings: Settings,
  distortion: Distortion = null,
): AssignmentResult {
  const { catalog } = organization;
  const before = new Set(held.licenses);
  const whole = withMeetings(catalog, before, asked.licenses);
  const wanted = apply(held, whole, asked.sites);
  if (settings.siteUrls === 'never') endUnseenAttendees(organization, held, wanted);
  const added = whole.filter(
    ({ license, operation }) =>
      operation === 'add' && !before.has(license.index) && wanted.licenses.has(license.index),
  );
  const removed = held.licenses.filter((index) => !wanted.licenses.has(index));
  checkStep(
    catalog,
    before,
    added.map((one) => one.license.index),
    removed,
    settings,
  );
  checkResult(catalog, before, wanted.licenses, settings);
  checkSites(organization, held, wanted);

  const short = settings.overage === 'allow' ? [] : shortOf(organization, added);
  if (short.length > 0 && settings.overage === 'reject') {
    const ids = short.map((license) => license.id).join(', ');
    throw licenseError(400, 'License assignment failed', `No license units available ${ids}`);
  }
  const possible = asked.licenses.filter(
    (one) => one.operation === 'remove' || !short.includes(one.license),
  );
  const { licenses, sites } = distort({ licenses: possible, sites: asked.sites }, distortion);
  const done = apply(held, withMeetings(catalog, before, licenses), sites);
  if (settings.siteUrls === 'never') endUnseenAttendees(organization, held, done);
  return {
    status: short.length > 0 || distortion === 'half206' ? 206 : 200,
    licenses: [...done.licenses],
    attendeeSites: [...done.sites],
    added: added.filter((one) => done.licenses.has(one.license.index)),
  };
}

/** Basic Space Meetings (FTM) come with any messaging license that is added (H2). */
function withMeetings(
  catalog: Catalog,
  before: ReadonlySet<number>,
  licenses: readonly LicenseAsked[],
): LicenseAsked[] {
  const meetings = catalog.licenses.find(({ offer }) => offer === 'FTM');
  const brings = licenses.some(
    ({ license, operation }) =>
      operation === 'add' && ['FMS', 'MS'].includes(license.offer) && !before.has(license.index),
  );
  const isAsked = licenses.some(({ license }) => license === meetings);
  if (!meetings || !brings || isAsked || before.has(meetings.index)) return [...licenses];
  return [...licenses, { license: meetings, operation: 'add', properties: null }];
}

/** Where no read shows attendee accounts, nobody can be asked to remove one before becoming host. */
function endUnseenAttendees(
  { catalog }: Organization,
  held: { attendeeSites: readonly string[] },
  wanted: { licenses: Set<number>; sites: Set<string> },
): void {
  for (const site of catalog.hostSites(catalog.intern(wanted.licenses, []))) {
    if (held.attendeeSites.includes(site)) wanted.sites.delete(site);
  }
}

/** The part of the request that is carried out despite a fault. */
function distort(
  asked: Pick<Assignment, 'licenses' | 'sites'>,
  distortion: Distortion,
): Pick<Assignment, 'licenses' | 'sites'> {
  const { licenses, sites } = asked;
  if (distortion === 'half206') {
    // Removed sites first: adding a host license next to a kept attendee account would make the user
    // both, which Webex never shows.
    const leaving = sites.filter((one) => one.operation === 'remove');
    const steps = [...leaving, ...licenses, ...sites.filter((one) => one.operation === 'add')];
    const kept = new Set<unknown>(steps.slice(0, Math.floor(steps.length / 2)));
    return {
      licenses: licenses.filter((one) => kept.has(one)),
      sites: sites.filter((one) => kept.has(one)),
    };
  }
  if (distortion !== 'ineffectiveRemoval200') return asked;
  const added = licenses.filter((one) => one.operation === 'add');
  const becomesHost = (site: string): boolean => added.some((one) => one.license.site === site);
  return {
    licenses: added,
    sites: sites.filter((one) => one.operation === 'add' || becomesHost(one.site)),
  };
}

function apply(
  held: { licenses: readonly number[]; attendeeSites: readonly string[] },
  licenses: Assignment['licenses'],
  sites: Assignment['sites'],
): { licenses: Set<number>; sites: Set<string> } {
  const result = { licenses: new Set(held.licenses), sites: new Set(held.attendeeSites) };
  for (const { license, operation } of licenses) {
    if (operation === 'add') result.licenses.add(license.index);
    else result.licenses.delete(license.index);
  }
  for (const { site, operation } of sites) {
    if (operation === 'add') result.sites.add(site);
    else result.sites.delete(site);
  }
  return result;
}

/** A user can't become host and attendee of one site (R40). */
function checkSites(
  organization: Organization,
  held: { licenses: readonly number[]; attendeeSites: readonly string[] },
  wanted: { licenses: Set<number>; sites: Set<string> },
): void {
  const { catalog } = organization;
  const hosts = catalog.hostSites(catalog.intern(wanted.licenses, []));
  const hosted = catalog.hostSites(catalog.intern(held.licenses, []));
  for (const site of wanted.sites) {
    if (!hosts.includes(site)) continue;
    if (!held.attendeeSites.includes(site)) throw invalidSite(site);
    if (!hosted.includes(site)) {
      const text = `The user is attendee on ${site}: remove the attendee account first.`;
      throw licenseError(400413, 'License conflict', text);
    }
  }
}

function shortOf(organization: Organization, added: readonly LicenseAsked[]): CatalogLicense[] {
  return added.map((one) => one.license).filter((license) => unitsLeft(organization, license) < 1);
}
