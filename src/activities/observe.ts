import { sql } from 'drizzle-orm';
import type { Db } from '../db/connect';
import {
  analyzeDirectory,
  markUnseenUsersGone,
  mirrorGroups,
  mirrorLicenses,
  mirrorMembers,
  mirrorUsers,
} from '../db/mirror';
import { recordWaiting } from '../db/phase';
import type { RolloutRequest } from '../domain/rollout-request';
import { WebexError, type ReadOptions } from '../webex/webex';
import { observeNumbers, readsCalling } from './calling-reads';
import type { Activities } from './contract';
import type { ActivityDeps } from './deps';
import { refusal, toFailure } from './failures';
import { withHeartbeats } from './heartbeats';

/** Reading the directory into the mirror. */
export function observeActivities(deps: ActivityDeps): Pick<Activities, 'observe'> {
  const { db, webex } = deps;

  async function look(orgId: string, rolloutId: string | null, read: ReadOptions): Promise<number> {
    const startedAt = new Date();
    await mirrorLicenses(db, orgId, await webex.listLicenses(read), startedAt);
    await mirrorGroups(db, orgId, await webex.listGroups(read), startedAt);
    for (const groupId of await groupsThatMatter(db, orgId, rolloutId)) {
      const members = [];
      for await (const page of webex.listMembers(groupId, read)) members.push(...page);
      await mirrorMembers(db, { orgId, groupId, members, readAt: new Date() });
    }
    const callingData = await readsCalling(db, orgId, rolloutId);
    if (callingData) await observeNumbers(deps, orgId, read);
    let users = 0;
    for await (const page of webex.listPeople({ ...read, callingData })) {
      await mirrorUsers(db, orgId, page.users, new Date());
      users += page.users.length;
    }
    await markUnseenUsersGone(db, orgId, startedAt);
    await analyzeDirectory(db);
    await db.execute(sql`UPDATE organization SET observed_at = now() WHERE org_id = ${orgId}`);
    return users;
  }

  return {
    async observe({ orgId, rolloutId }) {
      if (orgId !== deps.orgId) {
        throw refusal('WebexForbidden', 'The Webex credential opens another organization');
      }
      try {
        const users = await withHeartbeats((read) => look(orgId, rolloutId, read));
        if (rolloutId) await recordWaiting(db, { rolloutId, waitingFor: null, deadlineAt: null });
        return { users };
      } catch (error) {
        if (rolloutId && error instanceof WebexError && error.retryable) {
          const waitingFor = `Webex to answer: ${error.message}`;
          await recordWaiting(db, { rolloutId, waitingFor, deadlineAt: null });
        }
        throw toFailure(error);
      }
    },
  };
}

/** Members are read only of groups that hold a template, and of those that this rollout names. */
async function groupsThatMatter(
  db: Db,
  orgId: string,
  rolloutId: string | null,
): Promise<string[]> {
  const held = await db.execute<{ group_id: string }>(sql`
    SELECT t.group_id FROM template t
    JOIN directory_group g ON g.org_id = t.org_id AND g.group_id = t.group_id AND g.gone_at IS NULL
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL`);
  const groups = new Set(held.rows.map(({ group_id }) => group_id));
  if (rolloutId) {
    const { rows } = await db.execute<{ request: RolloutRequest }>(
      sql`SELECT request FROM rollout WHERE rollout_id = ${rolloutId}`,
    );
    const request = rows[0]?.request;
    request?.pilot?.groups.forEach((group) => groups.add(group));
    if (request?.change.kind === 'remove-services' && 'groups' in request.change.from) {
      request.change.from.groups.forEach((group) => groups.add(group));
    }
  }
  return [...groups].sort();
}
