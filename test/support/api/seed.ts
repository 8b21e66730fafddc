import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/db/connect';
import {
  directoryGroup,
  directoryLicense,
  organization,
  rollout,
  rolloutRow,
} from '../../../src/db/schema';
import type { PlanSummary } from '../../../src/domain/plan/plan-summary';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { writableMember, writableUser } from '../writable-mirror';
import { storedUser } from '../stored-user';

const base64 = (uri: string) => Buffer.from(uri).toString('base64url');

export const orgUuid = '0a000000-0000-4000-8000-000000000001';
export const orgId = base64(`ciscospark://us/ORGANIZATION/${orgUuid}`);
export const site = 'acme.webex.com';

export function groupIdOf(n: number): string {
  return base64(`ciscospark://us/SCIM_GROUP/0c000000-0000-4000-8000-00000000000${n}:${orgUuid}`);
}
export function personIdOf(n: number): string {
  return base64(`ciscospark://us/PEOPLE/0b000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
}
export function licenseIdOf(offer: string, licenseSite?: string): string {
  const suffix = licenseSite ? `_${licenseSite}` : '';
  const uuid = '0d000000-0000-4000-8000-000000000000';
  return base64(`ciscospark://us/LICENSE/${orgUuid}:${offer}_${uuid}${suffix}`);
}

/** Groups 1 Sales, 2 and 3 both Twins, 4 of a location; users 1 Ada and 2 Bob, both in Sales. */
export async function seedDirectory(db: Db): Promise<void> {
  const readAt = new Date('2026-01-02T03:04:05Z');
  await db.insert(organization).values({
    orgId,
    orgUuid,
    displayName: 'Acme',
    observedAt: readAt,
    credentialReport: { tokenOwner: 'admin@acme.example' },
  });
  await db.insert(directoryLicense).values(
    [
      { offer: 'FMS', site: null, subscriptionId: null, totalUnits: 2, consumedUnits: 2 },
      { offer: 'FTM', site: null, subscriptionId: null, totalUnits: 2, consumedUnits: 2 },
      { offer: 'FTC', site: null, subscriptionId: null, totalUnits: 2, consumedUnits: 2 },
      { offer: 'MS', site: null, subscriptionId: 'Sub-1', totalUnits: 10, consumedUnits: 1 },
      { offer: 'EE', site, subscriptionId: 'Sub-1', totalUnits: 5, consumedUnits: 1 },
    ].map((row) => ({
      ...row,
      orgId,
      licenseId: licenseIdOf(row.offer, row.site ?? undefined),
      name: `License ${row.offer}`,
      readAt,
    })),
  );
  const origin = { source: 'CONTROL_HUB', usage: 'user' };
  await db.insert(directoryGroup).values(
    [
      { groupId: groupIdOf(1), displayName: 'Sales', isLocation: false },
      { groupId: groupIdOf(2), displayName: 'Twins', isLocation: false },
      { groupId: groupIdOf(3), displayName: 'Twins', isLocation: false },
      { groupId: groupIdOf(4), displayName: 'Paris office', isLocation: true },
    ].map((row) => ({ ...origin, ...row, orgId, memberSize: 2, membersReadAt: readAt, readAt })),
  );
  await db.insert(writableUser).values(
    [
      { personId: personIdOf(1), email: 'ada@acme.example', displayName: 'Ada' },
      { personId: personIdOf(2), email: 'bob@acme.example', displayName: '=cmd()' },
    ].map((row) => ({
      ...row,
      orgId,
      kind: 'person' as const,
      licenses: [licenseIdOf('FMS'), licenseIdOf('FTC')].sort(),
      readAt,
    })),
  );
  await db.insert(writableMember).values(
    [1, 2].map((n) => ({
      orgId,
      groupId: groupIdOf(1),
      memberId: personIdOf(n),
      type: 'user',
    })),
  );
}

export const summary: PlanSummary = {
  usersInScope: 2,
  planned: 1,
  unchanged: 1,
  blocked: 0,
  waitingForSeat: 0,
  hostPending: 0,
  additions: 1,
  removals: 1,
  replacements: 0,
  usersLosing: 1,
  usersToInform: 0,
  totals: [],
  features: [],
  blockedBy: [],
  units: [
    {
      licenseId: licenseIdOf('MS'),
      offer: 'MS',
      site: null,
      name: 'License MS',
      unitsLeft: 9,
      taken: 1,
      freed: 0,
      unitsLeftAfter: 8,
      waiting: 0,
    },
  ],
  waves: [{ wave: 0, users: 1, soakSeconds: 60, steps: [{ step: 1, fromSeq: 1, toSeq: 1 }] }],
  irreversibleRemovals: { users: 0, named: [] },
  rings: [],
  warnings: [],
};

/** A rollout as the worker would have left it, with two rows: Ada changes, Bob stays as he is. */
export async function seedRollout(
  db: Db,
  given: Partial<typeof rollout.$inferInsert> = {},
): Promise<string> {
  const rolloutId = given.rolloutId ?? randomUUID();
  const change = { kind: 'remove-services', services: ['calling'], from: { organization: true } };
  await db.insert(rollout).values({
    orgId,
    rolloutId,
    request: completeRequest({ change: change as never }),
    title: 'Turn off calling for the whole organization',
    phase: 'planned',
    summary,
    digest: 'digest-1',
    createdBy: 'olga',
    plannedAt: new Date(),
    workflowId: `rollout/${orgUuid}/${rolloutId}`,
    ...given,
  });
  const holdings = { licenses: [licenseIdOf('FMS')], attendeeSites: null };
  const common = {
    orgId,
    rolloutId,
    before: holdings,
    kept: [],
    blocked: [],
    waiting: [],
    expected: holdings,
  };
  const added = {
    operation: 'add' as const,
    target: {
      kind: 'license' as const,
      licenseId: licenseIdOf('MS'),
      offer: 'MS',
      site: null,
    },
    reason: { code: 'granted' as const, text: 'Sales grants it', rule: 'R7', templates: [] },
    replacement: false,
  };
  await db.insert(rolloutRow).values([
    storedUser({
      ...common,
      seq: 1,
      personId: personIdOf(1),
      email: 'ada@acme.example',
      displayName: 'Ada',
      wave: 0,
      step: 1,
      changes: [added],
      outcome: 'planned',
    }),
    storedUser({
      ...common,
      seq: 2,
      personId: personIdOf(2),
      email: 'bob@acme.example',
      displayName: '=cmd()',
      wave: null,
      step: null,
      changes: [],
      outcome: 'unchanged',
    }),
  ]);
  return rolloutId;
}
