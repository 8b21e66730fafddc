/** A mirror in the database, written as reads of Webex would, and what the watch finds in it. */
import { randomUUID } from 'node:crypto';
import { detectChanges } from '../../src/activities/watch/detect-changes';
import type { DirectoryCheck } from '../../src/activities/directory/directory-check';
import type { Db } from '../../src/db/connect';
import { mirrorLicenses } from '../../src/db/directory/mirror/mirror-licenses';
import { mirrorUsers } from '../../src/db/directory/mirror/mirror-people';
import { mirrorGroups } from '../../src/db/directory/mirror/mirror-groups';
import { mirrorMembers } from '../../src/db/directory/mirror/mirror-members';
import { settleMembers } from '../../src/db/directory/settle/settle-members';
import { noteNotFound, settlePeople } from '../../src/db/directory/settle/missing-people';
import { beginRead } from '../../src/db/directory/reads';
import {
  noteGroupNotFound,
  settleGroups,
  vanishedThatMatter,
} from '../../src/db/directory/settle/vanished-groups';
import { takeReactions, takeableReactions } from '../../src/db/watch/reactions';
import { saveSettings } from '../../src/db/admin/settings';
import { saveRevision } from '../../src/db/templates/templates';
import { defaultSettings } from '../../src/domain/model/default-settings';
import type { License } from '../../src/domain/model/license';
import type { OrgSettings } from '../../src/domain/model/settings';
import { completeRequest } from '../../src/domain/kinds/complete-request';
import type { Phase } from '../../src/domain/rollout/rollout-phase';
import type { Change } from '../../src/domain/model/change';
import type { PlannedUser } from '../../src/domain/plan/planned-user';
import { licenseId } from '../domain/builders';
import { storePlanned } from './stored-user';

export const longAgo = new Date('2020-01-01T00:00:00Z');

export class MirrorStory {
  readonly orgId = randomUUID();

  constructor(readonly db: Db) {}

  /** The row of the organization itself, which a worker stores when it starts. */
  async organization(): Promise<void> {
    await this.db.$client.query(
      `INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1::text, $1::text::uuid, 'story')
       ON CONFLICT DO NOTHING`,
      [this.orgId],
    );
  }

  async licenses(...licenses: License[]): Promise<void> {
    await mirrorLicenses(this.db, this.orgId, licenses, await beginRead(this.db, this.orgId));
  }

  async users(createdAt: Date, holds: string[], ...personIds: string[]): Promise<void> {
    const users = personIds.map((personId) => ({
      personId,
      email: `${personId}@example.com`,
      displayName: personId,
      kind: 'person' as const,
      status: 'active',
      invitePending: null,
      loginEnabled: null,
      createdAt,
      holdings: { licenses: holds.map(licenseId), attendeeSites: [] },
      calling: null,
    }));
    await mirrorUsers(this.db, this.orgId, users, await beginRead(this.db, this.orgId));
  }

  /** Two reads agree that these users are gone. */
  async gone(...personIds: string[]): Promise<void> {
    const { db, orgId } = this;
    await noteNotFound(db, orgId, personIds);
    await noteNotFound(db, orgId, personIds);
    const settling = { orgId, startedAt: longAgo, confirmAfterMs: 0, otherCount: null };
    await settlePeople(db, settling);
  }

  /**
   * These are all groups, and two reads agree about their members. A group that the call before didn't
   * have either counts as deleted.
   */
  async groups(members: Record<string, string[]>): Promise<void> {
    const { db, orgId } = this;
    const looked = await beginRead(db, orgId);
    const settlingOf = (startedAt: Date) => ({ orgId, startedAt, confirmAfterMs: 0 });
    const groups = Object.keys(members).map((groupId) => ({
      groupId,
      displayName: groupId,
      memberSize: members[groupId]?.length ?? 0,
      isLocation: false,
    }));
    const vanished = await vanishedThatMatter(db, orgId);
    await mirrorGroups(db, orgId, groups, looked);
    const still = vanished.filter((groupId) => !(groupId in members));
    for (let check = 1; check <= 2 && still.length > 0; check += 1) {
      const { startedAt } = await beginRead(db, orgId);
      for (const groupId of still) await noteGroupNotFound(db, orgId, groupId);
      await settleGroups(db, settlingOf(startedAt));
    }
    for (const { groupId } of groups) {
      const list = (members[groupId] ?? []).map((memberId) => ({ memberId, type: 'user' }));
      await mirrorMembers(db, { orgId, groupId, members: list });
      const believed = { maxMemberDropPercent: 100, othersRead: true };
      await settleMembers(db, { ...settlingOf(looked.startedAt), ...believed, groupId });
    }
  }

  async template(groupId: string | null, { draft = false } = {}): Promise<string> {
    const { row } = await saveRevision(this.db, {
      orgId: this.orgId,
      scope: groupId === null ? { kind: 'organization' } : { kind: 'group', groupId },
      existing: null,
      newTemplateId: randomUUID(),
      name: groupId ?? 'all',
      entitlements: [{ offer: 'MS' }],
      draft,
      actor: 'tester',
      now: new Date(),
    });
    return row.templateId;
  }

  async settings(settings: Partial<OrgSettings>): Promise<void> {
    await saveSettings(this.db, this.orgId, { ...defaultSettings, ...settings });
  }

  detect(look: Partial<DirectoryCheck> = {}) {
    const { orgId } = this;
    const plain = {
      readBy: 'scim',
      isFull: true,
      newest: null,
      unread: [],
      trouble: null,
    } as const;
    const startedAt = look.startedAt ?? new Date();
    const asked = { orgId, startedAt, beganAt: startedAt, ...plain, ...look };
    return this.db.transaction((tx) => detectChanges(tx, asked));
  }

  /** Reactions as `person mode cause+cause`, and where they are. */
  async reactions(): Promise<string[]> {
    const { rows } = await this.db.$client.query<{ line: string }>(
      `SELECT person_id || ' ' || mode || ' '
         || (SELECT string_agg(c->>'kind', '+' ORDER BY n)
             FROM jsonb_array_elements(causes) WITH ORDINALITY AS e(c, n))
         || CASE WHEN closed_at IS NOT NULL THEN ' closed'
              WHEN rollout_id IS NOT NULL THEN ' taken' ELSE ' waits' END AS line
       FROM reaction WHERE org_id = $1 ORDER BY person_id, reaction_id`,
      [this.orgId],
    );
    return rows.map(({ line }) => line);
  }

  async takeable(): Promise<string[]> {
    const found = await takeableReactions(this.db, this.orgId);
    return found.map(({ personId }) => personId).sort();
  }

  async rollout(phase: Phase, more: { automatic?: boolean; isStarted?: boolean } = {}) {
    const rolloutId = randomUUID();
    const request = completeRequest({ change: { kind: 'reconcile' } });
    const { automatic = false, isStarted = true } = more;
    await this.db.$client.query(
      `INSERT INTO rollout (org_id, rollout_id, request, title, phase, automatic, created_by,
         workflow_id, started_at, ended_at)
       VALUES ($1, $2, $3, 'a story', $4, $5, 'tester', 'none', CASE WHEN $6 THEN now() END, now())`,
      [this.orgId, rolloutId, JSON.stringify(request), phase, automatic, isStarted],
    );
    return rolloutId;
  }

  async take(rolloutId: string): Promise<void> {
    const found = await takeableReactions(this.db, this.orgId);
    const ids = found.map(({ reactionId }) => reactionId);
    await takeReactions(this.db, rolloutId, ids);
  }

  async row(
    rolloutId: string,
    row: {
      seq: number;
      personId: string;
      outcome: string;
      waitsFor?: string;
      waiting?: readonly Change[];
      changes?: unknown[];
      kept?: unknown[];
    },
  ): Promise<void> {
    const target = (spec: string) => ({
      kind: 'license',
      licenseId: licenseId(spec),
      offer: spec.split('@')[0],
      site: spec.split('@')[1] ?? null,
    });
    const { waitsFor } = row;
    const reason = { code: 'granted', text: 'granted', rule: 'R1', templates: [] };
    const waiting =
      row.waiting ?? (waitsFor ? [{ operation: 'add', target: target(waitsFor), reason }] : []);
    const nothing = { licenses: [], attendeeSites: [] };
    const user = {
      seq: row.seq,
      personId: row.personId,
      email: '',
      displayName: '',
      wave: null,
      step: null,
      before: nothing,
      changes: row.changes ?? [],
      kept: row.kept ?? [],
      blocked: [],
      waiting,
      expected: nothing,
      pending: waiting.length > 0 ? 'unit' : null,
      outcome: row.outcome,
    };
    await storePlanned(this.db, { orgId: this.orgId, rolloutId }, [user as unknown as PlannedUser]);
  }
}
