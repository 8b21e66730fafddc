/** What is remembered about one user: who gave what, what the watch found, what rollouts did. */
import { and, desc, eq, getViewSelectedFields, isNull, sql } from 'drizzle-orm';
import { finalPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { provenance, reaction, rollout, rolloutUser, template } from '../schema';
import { hasLostUnit, isWaiting, lacksWaiting, literals, servesWaits } from '../sql';

export interface UserKey {
  orgId: string;
  personId: string;
}

/** Owners of what Seatwise added and nobody has removed since (R31a), with the template's name and scope. */
export function listGivers(db: Queryable, { orgId, personId }: UserKey) {
  return db
    .select({
      target: provenance.target,
      since: provenance.since,
      rolloutId: provenance.rolloutId,
      templateName: template.name,
      groupId: template.groupId,
      deletedAt: template.deletedAt,
      isEmpty: sql<boolean>`${template.inForceRevision} IS NULL AND ${template.draftRevision} IS NULL`,
    })
    .from(provenance)
    .leftJoin(template, eq(sql`${template.templateId}::text`, provenance.templateId))
    .where(
      and(
        eq(provenance.orgId, orgId),
        eq(provenance.personId, personId),
        isNull(provenance.endedAt),
      ),
    );
}

/** What the watch found about a user, newest first. */
export function listReactions(db: Queryable, user: UserKey & { limit: number }) {
  return db
    .select({ row: reaction, title: rollout.title, phase: rollout.phase })
    .from(reaction)
    .leftJoin(rollout, eq(rollout.rolloutId, reaction.rolloutId))
    .where(and(eq(reaction.orgId, user.orgId), eq(reaction.personId, user.personId)))
    .orderBy(desc(reaction.reactionId))
    .limit(user.limit);
}

/** The user waits for a unit since this rollout: it writes, or has written and the watch goes on (R107). */
const stillWaits = sql<boolean>`EXISTS (
  SELECT 1 FROM rollout_user w JOIN rollout r USING (rollout_id)
    JOIN directory_user d ON d.org_id = w.org_id AND d.person_id = w.person_id
  WHERE w.rollout_id = ${rolloutUser.rolloutId} AND w.seq = ${rolloutUser.seq}
    AND r.started_at IS NOT NULL AND ${isWaiting('w')} AND ${lacksWaiting('w')}
    AND (r.phase NOT IN (${literals(finalPhases)}) OR ${servesWaits} OR ${hasLostUnit('w')}))`;

/** What rollouts planned for and did to one user, newest first. */
export function listRolloutsOfUser(db: Queryable, user: UserKey & { limit: number }) {
  return db
    .select({
      row: getViewSelectedFields(rolloutUser),
      title: rollout.title,
      phase: rollout.phase,
      createdAt: rollout.createdAt,
      waits: stillWaits,
    })
    .from(rolloutUser)
    .innerJoin(rollout, eq(rollout.rolloutId, rolloutUser.rolloutId))
    .where(and(eq(rolloutUser.orgId, user.orgId), eq(rolloutUser.personId, user.personId)))
    .orderBy(desc(rollout.createdAt))
    .limit(user.limit);
}
