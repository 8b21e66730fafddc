import { encodeId } from './ids';
import { hashText, uuidFrom } from './random';
import type { Catalog } from './catalog';

/** License UUIDs that are the same in every organization observed. */
const constantUuids: Record<string, string> = {
  FMS: '9eca7814-3313-464f-9642-0239875bc9f8',
  FSS: '1b728ff9-7de8-4cb7-9540-29320b5a42cb',
  FTC: 'a2473828-a980-472f-819d-6b9cce08e92b',
  FTM: 'f5fde35f-4704-460a-810f-4c5d35241e69',
  UCPREM: 'c3329d32-16ed-4145-9525-63acb4b31b20',
};

/** Names that the rest of the generator gives its licenses. */
export type LicenseKey =
  | 'FMS'
  | 'FTM'
  | 'FTC'
  | 'FSS'
  | 'UCPREM'
  | 'MS1'
  | 'MS2'
  | 'EE1'
  | 'EE2'
  | 'CF'
  | 'RTT'
  | 'BCSTD'
  | 'BCBAS'
  | 'BCCA'
  | 'BCRLC'
  | 'CJPPRM'
  | 'CJPSTD'
  | 'WAM';

interface Row {
  key: LicenseKey;
  offer: string;
  name: string;
  /** Units per user of the organization; null: one per user. */
  share: number | null;
  subscription?: 1 | 2;
  site?: 0 | 1;
  workspaces?: number | null;
  listed?: false;
}

const rows: Row[] = [
  { key: 'FMS', offer: 'FMS', name: 'Basic Messaging', share: null },
  { key: 'FTM', offer: 'FTM', name: 'Basic Space Meetings', share: null },
  { key: 'FTC', offer: 'FTC', name: 'Call on Webex', share: null },
  { key: 'FSS', offer: 'FSS', name: 'Free Screen Share', share: null },
  { key: 'UCPREM', offer: 'UCPREM', name: 'Unified Communication Manager (UCM)', share: null },
  { key: 'MS1', offer: 'MS', name: 'Advanced Messaging', share: 0.5, subscription: 1 },
  { key: 'MS2', offer: 'MS', name: 'Advanced Messaging', share: 0.75, subscription: 2 },
  { key: 'EE1', offer: 'EE', name: 'Webex Meetings Suite', share: 0.8, subscription: 1, site: 0 },
  { key: 'EE2', offer: 'EE', name: 'Webex Meetings Suite', share: 0.6, subscription: 2, site: 1 },
  { key: 'CF', offer: 'CF', name: 'Advanced Space Meetings', share: 1, subscription: 1 },
  { key: 'RTT', offer: 'RTT', name: 'Real-Time Translations', share: 0.1, subscription: 1 },
  {
    key: 'BCSTD',
    offer: 'BCSTD',
    name: 'Webex Calling - Professional',
    share: 0.3,
    subscription: 1,
  },
  { key: 'BCBAS', offer: 'BCBAS', name: 'Webex Calling - Standard', share: 0.1, subscription: 2 },
  {
    key: 'BCCA',
    offer: 'BCCA',
    name: 'Webex Calling - Workspaces',
    share: 0.02,
    subscription: 1,
    workspaces: 4,
  },
  {
    key: 'BCRLC',
    offer: 'BCRLC',
    name: 'Route List Calls',
    share: 0.02,
    subscription: 1,
    workspaces: null,
  },
  {
    key: 'CJPPRM',
    offer: 'CJPPRM',
    name: 'Contact Center Premium Agent',
    share: 0.1,
    subscription: 2,
  },
  {
    key: 'CJPSTD',
    offer: 'CJPSTD',
    name: 'Contact Center Standard Agent',
    share: 0.1,
    subscription: 2,
  },
  { key: 'WAM', offer: 'WAM', name: 'WAM', share: null, listed: false },
];

/** Fills the catalog and returns the index of each license. */
export function addGeneratedLicenses(options: {
  catalog: Catalog;
  seed: number;
  orgUuid: string;
  users: number;
  sites: readonly [string, string];
}): Record<LicenseKey, number> {
  const { catalog, seed, orgUuid, users, sites } = options;
  const entries = rows.map((row) => {
    const uuid = constantUuids[row.offer] ?? uuidFrom(seed, hashText(row.key));
    const site = row.site === undefined ? null : sites[row.site];
    const value = `${orgUuid}:${row.offer}_${uuid}${site === null ? '' : `_${site}`}`;
    const index = catalog.add({
      id: encodeId('LICENSE', value),
      listed: row.listed !== false,
      totalUnits: row.share === null ? 'users' : Math.ceil(users * row.share) + 10,
      subscriptionId: row.subscription ? `Sub-${1000 + row.subscription}` : null,
      workspaces: row.workspaces === undefined ? 0 : row.workspaces,
      uncountedUsers: 0,
      fields: {
        name: row.name,
        ...(site === null ? {} : { siteUrl: site, siteType: 'Control Hub managed site' }),
      },
    });
    return [row.key, index] as const;
  });
  return Object.fromEntries(entries) as Record<LicenseKey, number>;
}
