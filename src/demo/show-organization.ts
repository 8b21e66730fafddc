import { waitFor } from './wait-for';
import { listAll, type Api } from './api-client';
import type { Group, License, Organization } from './api-types';
import type { Narrator } from './narrate';

export interface Directory {
  organization: Organization;
  /** Address of the organization, below which everything else is. */
  path: string;
  licenses: License[];
  groups: Group[];
}

const firstLookTimeoutMs = 120_000;

/** Waits for the worker's first look at Webex, and reads what it saw. */
export async function readDirectory(api: Api, signal: AbortSignal): Promise<Directory> {
  const organization = await waitFor({
    what: 'The first look at the directory',
    ask: async () => (await api.get<{ items: Organization[] }>('/v1/organizations')).items[0],
    until: (found) => found !== undefined && found.observedAt !== null,
    timeoutMs: firstLookTimeoutMs,
    signal,
  });
  if (!organization) throw new Error('The worker has found no organization.');
  const path = `/v1/organizations/${organization.orgId}`;
  const [licenses, groups] = await Promise.all([
    listAll<License>(api, `${path}/licenses`),
    listAll<Group>(api, `${path}/groups?limit=1000`),
  ]);
  return { organization, path, licenses, groups };
}

function unitsOf({ totalUnits, consumedUnits, unitsLeft }: License): string {
  if (unitsLeft === null) return 'as many as users';
  return `${String(consumedUnits ?? 0)} of ${String(totalUnits)} units used`;
}

const groupsShown = 8;

/** The organization as a few lines: what it has, and who is grouped how. */
export function showOrganization(
  { organization, licenses, groups }: Directory,
  out: Narrator,
): void {
  out.heading(`The organization: ${organization.displayName}`);
  const names = licenses.map(({ name, site }) => (site === null ? name : `${name} on ${site}`));
  const width = Math.max(...names.map((name) => name.length));
  licenses.forEach((license, at) => {
    const name = (names[at] ?? '').padEnd(width);
    out.line(`  ${license.offer.padEnd(8)} ${name}  ${unitsOf(license)}`);
  });
  const named = groups.filter(({ isLocation }) => !isLocation);
  const largest = [...named].sort((a, b) => (b.memberSize ?? 0) - (a.memberSize ?? 0));
  const shown = largest
    .slice(0, groupsShown)
    .map(({ displayName, memberSize }) => `${displayName} (${String(memberSize ?? '?')})`);
  const more =
    largest.length > shown.length ? `, and ${String(largest.length - shown.length)} more` : '';
  out.line(`  Groups: ${shown.join(', ')}${more}`);
}
