import { firstFew } from '../domain/model/text/wording';
import { waitFor } from './wait-for';
import { listAll, type Api } from './api-client';
import type { Group, License, Organization } from './api-types';
import type { Narrator } from './narrate';

export interface Directory {
  organization: Organization;
  /** Address of the organization in the API; everything else is below it. */
  path: string;
  licenses: License[];
  groups: Group[];
}

/**
 * Waits until the worker has read Webex for the first time, then returns what it found. A large
 * directory takes as long as it takes: `onWaiting` is called again and again until then.
 */
export async function readDirectory(
  api: Api,
  signal: AbortSignal,
  onWaiting: () => Promise<void>,
): Promise<Directory> {
  const isRead = (found: Organization | undefined) =>
    found !== undefined && found.observedAt !== null;
  const organization = await waitFor({
    what: 'Reading the directory for the first time',
    async ask() {
      const [found] = (await api.get<{ items: Organization[] }>('/v1/organizations')).items;
      if (!isRead(found)) await onWaiting();
      return found;
    },
    until: isRead,
    timeoutMs: Infinity,
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
  if (unitsLeft === null) return 'unlimited';
  return `${String(consumedUnits ?? 0)} of ${String(totalUnits)} units used`;
}

const groupsShown = 8;

/** Prints the organization in a few lines: its licenses and its largest groups. */
export function showOrganization(
  { organization, licenses, groups }: Directory,
  out: Narrator,
): void {
  out.heading(`The organization: ${organization.displayName}`);
  const names = licenses.map(({ name, site }) => (site === null ? name : `${name} on ${site}`));
  const width = Math.max(...names.map((name) => name.length));
  licenses.forEach((license, at) => {
    const name = (names[at] ?? '').padEnd(width);
    out.line(`  ${name}  ${license.offer.padEnd(8)} ${unitsOf(license)}`);
  });
  const named = groups.filter(({ isLocation }) => !isLocation);
  const largest = [...named].sort((a, b) => (b.memberSize ?? 0) - (a.memberSize ?? 0));
  const titles = largest.map(
    ({ displayName, memberSize }) => `${displayName} (${memberSize ?? '?'})`,
  );
  out.line(`  Groups: ${firstFew(titles, groupsShown)}`);
}
