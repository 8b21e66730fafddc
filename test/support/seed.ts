/** Rows that the stories of the database suites begin with. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../src/db/connect';
import type { Change } from '../../src/domain/model/change';
import type { Holdings } from '../../src/domain/model/user';
import type { Outcome } from '../../src/domain/model/outcome';
import { completeRequest } from '../../src/domain/kinds/complete-request';
import type { Guards } from '../../src/domain/request/rollout-request';
import type { PlannedUser } from '../../src/domain/plan/planned-user';
import type { Phase } from '../../src/domain/rollout/rollout-phase';
import { storePlanned } from './stored-user';

export function addLicense(licenseId: string): Change {
  return change('add', { kind: 'license', licenseId, offer: 'MS', site: null });
}

export function removeLicense(licenseId: string): Change {
  return change('remove', { kind: 'license', licenseId, offer: 'MS', site: null });
}

export function removeAttendee(site: string): Change {
  return change('remove', { kind: 'attendee', site });
}

function change(operation: Change['operation'], target: Change['target']): Change {
  const reason = { code: 'granted', text: 'granted', rule: 'R1', templates: [] } as const;
  return { operation, target, reason: { ...reason, templates: [] }, replacement: false };
}

export interface SeededUser {
  personId?: string;
  changes?: Change[];
  before?: Holdings;
  expected?: Holdings;
  outcome?: Outcome;
  wave?: number;
}

export interface SeededRollout {
  orgId: string;
  rolloutId: string;
}

/** A rollout in this phase with these users, rows 1 … n. */
export async function aRollout(
  db: Db,
  story: { orgId?: string; phase?: Phase; users?: SeededUser[]; guards?: Partial<Guards> } = {},
): Promise<SeededRollout> {
  const orgId = story.orgId ?? randomUUID();
  const rolloutId = randomUUID();
  const request = completeRequest({
    change: { kind: 'remove-services', services: ['calling'], from: { organization: true } },
    guards: { failureMin: 1_000, ...story.guards },
  });
  await db.$client.query(
    `INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id)
     VALUES ($1, $2, $3, 'a story', $4, 'tester', 'none')`,
    [orgId, rolloutId, JSON.stringify(request), story.phase ?? 'rolling-out'],
  );
  const nothing: Holdings = { licenses: [], attendeeSites: [] };
  const users = (story.users ?? []).map((user, at) => {
    const personId = user.personId ?? `person-${at + 1}`;
    return {
      seq: at + 1,
      personId,
      email: `${personId}@acme.example`,
      displayName: personId,
      wave: user.wave ?? 1,
      step: 1,
      before: user.before ?? nothing,
      changes: user.changes ?? [addLicense('MS')],
      kept: [],
      blocked: [],
      waiting: [],
      expected: user.expected ?? { licenses: ['MS'], attendeeSites: [] },
      pending: null,
      outcome: (user.outcome ?? 'planned') as PlannedUser['outcome'],
    };
  });
  await storePlanned(db, { orgId, rolloutId }, users);
  return { orgId, rolloutId };
}

/** One value of one row, for looking at what was stored. */
export async function valueOf<T>(db: Db, query: string, values: unknown[]): Promise<T> {
  const { rows } = await db.$client.query<Record<string, T>>(query, values);
  const [value] = Object.values(rows[0] ?? {});
  return value as T;
}

export function rowOf(db: Db, rolloutId: string, seq: number): Promise<Record<string, unknown>> {
  return valueOf(db, 'SELECT to_jsonb(u) FROM rollout_user u WHERE rollout_id = $1 AND seq = $2', [
    rolloutId,
    seq,
  ]);
}
