import { assignLicenses, type AssignmentResult } from '../rules/assign-licenses';
import type { Assignment, LicenseAsked } from '../rules/read-assignment';
import type { Call } from '../server/route';
import type { Settings } from '../state/settings';

/** Sets a user's licenses and sites as far as units allow, as POST and PUT of people do. */
export function bestEffort(
  call: Call,
  held: { licenses: readonly number[]; attendeeSites: readonly string[] },
  wanted: readonly number[],
  sites: readonly string[],
): AssignmentResult {
  const { organization, settings } = call.simulator;
  const { catalog } = organization;
  const ask = (index: number, operation: LicenseAsked['operation']): LicenseAsked => ({
    license: catalog.at(index),
    operation,
    properties: null,
  });
  const asked: Assignment = {
    email: null,
    personId: null,
    orgId: null,
    shoutsAccountTypes: false,
    licenses: [
      ...held.licenses
        .filter((index) => !wanted.includes(index))
        .map((index) => ask(index, 'remove')),
      ...wanted.filter((index) => !held.licenses.includes(index)).map((index) => ask(index, 'add')),
    ],
    sites: [
      ...held.attendeeSites
        .filter((site) => !sites.includes(site))
        .map((site) => ({ site, operation: 'remove' as const })),
      ...sites
        .filter((site) => !held.attendeeSites.includes(site))
        .map((site) => ({ site, operation: 'add' as const })),
    ],
  };
  const lenient: Settings = {
    ...settings,
    overage: settings.overage === 'allow' ? 'allow' : 'partial206',
  };
  return assignLicenses(organization, held, asked, lenient, call.distortion);
}
