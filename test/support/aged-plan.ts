/** A stored plan of an organization in which something changes afterwards. */
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../src/activities';
import { endAged, expectFresh } from '../../src/activities/plan/check-plan';
import { RememberedContext } from '../../src/activities/plan/remembered-context';
import { takeDecidedPermit } from '../../src/activities/plan/take-decided-permit';
import { planRolloutActivities } from '../../src/activities/plan/plan-rollout';
import type { Db } from '../../src/db/connect';
import { mirrorMembers } from '../../src/db/directory/mirror/mirror-members';
import { settleMembers } from '../../src/db/directory/settle/settle-members';
import { beginRead } from '../../src/db/directory/reads';
import { recordMove } from '../../src/db/rollout/record-move';
import { insertRollout } from '../../src/db/rollout/rollouts';
import { findTemplate, saveRevision } from '../../src/db/templates/templates';
import { completeRequest, type PartialRequest } from '../../src/domain/kinds/complete-request';
import { aLicense } from '../domain/builders';
import { longAgo, MirrorStory } from './mirror-story';

const actor = { name: 'tester', role: 'admin' };
export const organization = { kind: 'organization' } as const;
export const sales = { kind: 'group', groupId: 'sales' } as const;

/** Thirty users who hold RTT; the first `inSales` are members of the group `sales`. */
export async function anOrganization(db: Db, inSales = 0) {
  const story = new MirrorStory(db);
  const { orgId } = story;
  const people = Array.from({ length: 30 }, (_, i) => `p${String(i + 1).padStart(2, '0')}`);
  await story.licenses(
    ...['FMS', 'FTM'].map((offer) => aLicense(offer)),
    ...['MS', 'RTT', 'CJPSTD'].map((offer) => aLicense(offer, { total: 100 })),
  );
  await story.users(longAgo, ['FMS', 'FTM', 'RTT'], ...people);
  await story.groups({ sales: people.slice(0, inSales) });
  await story.settings({ compositionMode: 'union' });

  async function save(
    scope: typeof organization | typeof sales,
    offers: string[],
    draft = false,
  ): Promise<string> {
    const existing = (await findTemplate(db, orgId, scope))?.row ?? null;
    const { row } = await saveRevision(db, {
      orgId,
      scope,
      existing,
      newTemplateId: randomUUID(),
      name: scope.kind,
      entitlements: offers.map((offer) => ({ offer })),
      draft,
      actor: 'tester',
      now: new Date(),
    });
    return row.templateId;
  }

  async function plan(
    change: PartialRequest['change'],
    more: Partial<PartialRequest> = {},
    replanOf: string | null = null,
  ) {
    const rolloutId = randomUUID();
    const request = completeRequest({
      change,
      existingUsers: true,
      preserveLicenses: false,
      pilot: null,
      ...more,
    });
    await insertRollout(db, {
      orgId,
      rolloutId,
      request,
      title: 'a story',
      templateId: 'templateId' in change ? change.templateId : null,
      replanOf,
      phase: 'planning',
      createdBy: 'tester',
      workflowId: 'none',
    });
    const deps = { db, writesPerSecond: 1, planExpiresInMs: 60_000 } as unknown as ActivityDeps;
    const { planRollout } = planRolloutActivities(deps);
    await new MockActivityEnvironment().run(planRollout, { orgId, rolloutId });
    return rolloutId;
  }

  /** One check shows these members of `sales`. */
  async function members(
    shown: readonly string[],
    { maxDropPercent = 100, isReadOnce = false } = {},
  ) {
    const { startedAt } = await beginRead(db, orgId);
    const list = shown.map((memberId) => ({ memberId, type: 'user' as const }));
    await mirrorMembers(db, { orgId, groupId: 'sales', members: list });
    if (isReadOnce) return;
    const believed = { maxMemberDropPercent: maxDropPercent, othersRead: true };
    const settling = { orgId, startedAt, confirmAfterMs: 0 };
    await settleMembers(db, { ...settling, ...believed, groupId: 'sales' });
  }

  /** What comes of asking for permission for the write of one user, as a worker does. */
  function permitFrom(rolloutId: string) {
    // In a worker, one is kept for all users.
    const remembered = new RememberedContext();
    return async (personId: string) => {
      const { rows } = await db.$client.query<{ seq: number }>(
        'SELECT seq FROM rollout_user WHERE rollout_id = $1 AND person_id = $2',
        [rolloutId, personId],
      );
      const user = { orgId, rolloutId, seq: rows[0]?.seq ?? 0 };
      const permit = await takeDecidedPermit(db, user, remembered);
      return permit.kind === 'done' ? permit.outcome : permit.kind;
    };
  }

  const ref = (rolloutId: string) => ({ orgId, rolloutId });
  return {
    story,
    orgId,
    people,
    save,
    plan,
    /** What `start`, `promote` and `resume` ask; returns why they are refused. */
    refused: (rolloutId: string) =>
      expectFresh({ db }, ref(rolloutId), () => undefined).then(
        () => null,
        (error: unknown) => (error as Error).message,
      ),
    /** What a wave asks before it begins. */
    check: (rolloutId: string) => endAged({ db }, ref(rolloutId), () => undefined),
    /** From now on, these are the members that are believed. */
    join: (...people: string[]) => members(people),
    members,
    permitFrom,
    move: (rolloutId: string, version: number, from: 'planned' | 'planning', draft?: 'governs') =>
      recordMove(db, {
        ...ref(rolloutId),
        from,
        to: from === 'planning' ? 'planned' : 'rolling-out',
        version,
        actor,
        reason: '',
        waitingFor: null,
        ...(draft ? { draft } : {}),
      }),
  };
}
