/** What the watch found and no rollout handled yet. Written under the lock of the watch's state. */
import { sql } from 'drizzle-orm';
import { mergeReactions, type Reaction } from '../../domain/watch/reaction';
import type { GroupFinding } from '../../domain/watch/react-to-groups';
import { writingPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { integerList, textList } from '../sql';
import { openUsers } from '../write/tally';

const rowsPerStatement = 500;

export interface PersonFinding extends GroupFinding {
  personId: string;
  /** When it was first found, if the user waits again; ISO. */
  foundAt?: string;
  /** Writes that failed so far, why the last one did, and when to try again (R100). */
  attempts?: number;
  failure?: string;
  notBefore?: string;
}

/**
 * Stores findings as open reactions. A user has at most one that waits: a further finding is merged
 * into it. Findings that need no action are stored as closed.
 */
export async function addFindings(
  tx: Queryable,
  orgId: string,
  findings: readonly PersonFinding[],
): Promise<void> {
  const merged = mergeByPerson(findings);
  for (let from = 0; from < merged.length; from += rowsPerStatement) {
    await addBatch(tx, orgId, merged.slice(from, from + rowsPerStatement));
  }
}

/** One finding per person, due if any of them is due. */
function mergeByPerson(findings: readonly PersonFinding[]): PersonFinding[] {
  const byPerson = new Map<string, PersonFinding>();
  for (const finding of findings) {
    const known = byPerson.get(finding.personId);
    byPerson.set(finding.personId, known ? mergeFindings(known, finding) : finding);
  }
  return [...byPerson.values()];
}

function mergeFindings(one: PersonFinding, other: PersonFinding): PersonFinding {
  const due = [one, other].filter(({ isDue }) => isDue);
  const merged = mergeReactions(one.reaction, other.reaction);
  // A finding that needs no action adds its cause but no stronger mode.
  const mode = due.length === 1 && due[0] ? due[0].reaction.mode : merged.mode;
  return {
    ...one,
    reaction: { mode, causes: merged.causes },
    isDue: due.length > 0,
  };
}

async function addBatch(
  tx: Queryable,
  orgId: string,
  findings: readonly PersonFinding[],
): Promise<void> {
  const personIds = findings.map(({ personId }) => personId);
  const { rows } = await tx.execute<{ personId: string } & Reaction & Record<string, unknown>>(sql`
    SELECT person_id AS "personId", mode, causes FROM reaction
    WHERE org_id = ${orgId} AND rollout_id IS NULL AND closed_at IS NULL
      AND person_id IN ${textList(personIds)}`);
  const waiting = new Map(rows.map(({ personId, mode, causes }) => [personId, { mode, causes }]));
  const records = findings.map((finding) => {
    const { personId, foundAt, attempts = 0, failure, notBefore } = finding;
    const before = waiting.get(personId);
    const after = before
      ? mergeFindings({ personId, reaction: before, isDue: true }, finding)
      : finding;
    return {
      person_id: personId,
      ...after.reaction,
      is_due: after.isDue,
      found_at: foundAt,
      attempts,
      failure,
      not_before: notBefore,
    };
  });
  await tx.execute(sql`
    INSERT INTO reaction AS e (org_id, person_id, mode, causes, found_at, closed_at, attempts, failure,
      not_before)
    SELECT ${orgId}, r.person_id, r.mode, r.causes, coalesce(r.found_at, now()),
      CASE WHEN r.is_due THEN NULL ELSE now() END, r.attempts, r.failure, r.not_before
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      AS r(person_id text, mode text, causes jsonb, is_due boolean, found_at timestamptz,
        attempts smallint, failure text, not_before timestamptz)
    ON CONFLICT (org_id, person_id) WHERE rollout_id IS NULL AND closed_at IS NULL
    DO UPDATE SET mode = excluded.mode, causes = excluded.causes,
      found_at = least(e.found_at, excluded.found_at),
      attempts = greatest(e.attempts, excluded.attempts),
      failure = coalesce(excluded.failure, e.failure),
      -- What was found since is no repeat: it is tried at once.
      not_before = CASE WHEN e.not_before IS NOT NULL AND excluded.not_before IS NOT NULL
        THEN greatest(e.not_before, excluded.not_before) END`);
}

/** A reaction that waits and that a rollout may handle now. */
export interface TakeableReaction extends Reaction, Record<string, unknown> {
  reactionId: number;
  personId: string;
}

/**
 * Reactions that a rollout may handle now: their users are in the organization, and no other rollout
 * has yet to write them. A running rollout with an open row for a user goes first (R25). A plan of the
 * watch that waits for `start` keeps its users.
 */
export async function takeableReactions(tx: Queryable, orgId: string): Promise<TakeableReaction[]> {
  const { rows } = await tx.execute<TakeableReaction>(sql`
    SELECT e.reaction_id::int AS "reactionId", e.person_id AS "personId", e.mode, e.causes
    FROM reaction e JOIN directory_user d USING (org_id, person_id)
    WHERE e.org_id = ${orgId} AND e.rollout_id IS NULL AND e.closed_at IS NULL
      AND d.gone_at IS NULL AND NOT ${isLeftToAnother}
      AND (e.not_before IS NULL OR e.not_before <= now())
    ORDER BY e.reaction_id`);
  return rows;
}

/** Whether a rollout has yet to write the user of reaction `e`. */
const isLeftToAnother = sql`(EXISTS (
    SELECT 1 FROM rollout_user u JOIN rollout r USING (rollout_id)
    WHERE u.org_id = e.org_id AND u.person_id = e.person_id AND u.outcome = 'planned'
      AND r.phase IN ${textList(writingPhases)})
  OR EXISTS (
    SELECT 1 FROM reaction t JOIN rollout r ON r.rollout_id = t.rollout_id
    WHERE t.org_id = e.org_id AND t.person_id = e.person_id AND t.closed_at IS NULL
      AND r.phase IN ('planning', 'planned')))`;

export interface ReactionFigures {
  /** Users whom no rollout handles yet. */
  waiting: number;
  /** Of these, users whom another rollout has yet to write (R25). */
  deferred: number;
  /** Of these, users whose last write failed (R100). */
  retrying: number;
}

export async function countReactions(db: Queryable, orgId: string): Promise<ReactionFigures> {
  const { rows } = await db.execute<ReactionFigures & Record<string, unknown>>(sql`
    SELECT count(*)::int AS waiting, (count(*) FILTER (WHERE ${isLeftToAnother}))::int AS deferred,
      (count(*) FILTER (WHERE e.attempts > 0))::int AS retrying
    FROM reaction e WHERE e.org_id = ${orgId} AND e.rollout_id IS NULL AND e.closed_at IS NULL`);
  return rows[0] ?? { waiting: 0, deferred: 0, retrying: 0 };
}

/** Reactions of the watch that write no more until a person resumes them, oldest first. */
export async function listHalted(db: Queryable, orgId: string): Promise<WaitingPlan[]> {
  const { rows } = await db.execute<WaitingPlan & Record<string, unknown>>(sql`
    SELECT r.rollout_id AS "rolloutId", ${openUsers(sql`r.rollout_id`)} AS users,
      coalesce(r.hold, r.phase_reason, r.phase) AS reason
    FROM rollout r
    WHERE r.org_id = ${orgId} AND r.automatic AND r.phase = 'halted'
    ORDER BY r.created_at`);
  return rows;
}

export interface WaitingPlan {
  rolloutId: string;
  users: number;
  /** Why it didn't start automatically. */
  reason: string;
}

/** Plans of the watch that a person has to start, oldest first. */
export async function listFloods(db: Queryable, orgId: string): Promise<WaitingPlan[]> {
  const { rows } = await db.execute<WaitingPlan & Record<string, unknown>>(sql`
    SELECT r.rollout_id AS "rolloutId", count(e.reaction_id)::int AS users,
      r.request->>'reason' AS reason
    FROM rollout r JOIN reaction e ON e.rollout_id = r.rollout_id
    WHERE r.org_id = ${orgId} AND NOT r.automatic AND r.phase IN ('planning', 'planned')
      AND r.request->'change'->>'kind' = 'reconcile'
    GROUP BY r.rollout_id, r.created_at ORDER BY r.created_at`);
  return rows;
}

/**
 * Those of these persons who weren't seen in the read of this number or a later one (null: all of them),
 * and a few others with a reaction to handle whom the last read didn't find.
 */
export async function staleWaiting(
  db: Queryable,
  input: { orgId: string; personIds: readonly string[]; readId: number | null; mostGone: number },
): Promise<string[]> {
  const { orgId, personIds, readId, mostGone } = input;
  const { rows } = await db.execute<{ id: string }>(sql`
    SELECT e.person_id AS id FROM reaction e JOIN directory_user d USING (org_id, person_id)
    WHERE e.org_id = ${orgId} AND e.rollout_id IS NULL AND e.closed_at IS NULL
      AND (d.gone_at IS NOT NULL OR ((${readId}::bigint IS NULL OR d.seen_in < ${readId}::bigint)
        AND e.person_id IN ${textList(personIds)}))
      AND NOT ${isLeftToAnother}
    ORDER BY d.gone_at NULLS FIRST, e.reaction_id LIMIT ${personIds.length + mostGone}`);
  return rows.map(({ id }) => id);
}

/**
 * Binds reactions to the rollout that handles them, and the changes that wait in earlier rollouts (R46):
 * not those that another rollout has taken up by its start since they were found (R102).
 */
export async function takeReactions(
  tx: Queryable,
  rolloutId: string,
  reactionIds: readonly number[],
): Promise<void> {
  await tx.execute(sql`
    UPDATE reaction SET rollout_id = ${rolloutId} WHERE reaction_id IN ${integerList(reactionIds)}`);
  await tx.execute(sql`
    UPDATE rollout_user u SET taken_up_by = ${rolloutId}
    FROM reaction e, jsonb_array_elements(e.causes) cause
    WHERE e.rollout_id = ${rolloutId} AND e.mode = 'waiting' AND cause->>'kind' = 'units-free'
      AND u.rollout_id = (cause->>'rolloutId')::uuid AND u.person_id = e.person_id
      AND NOT EXISTS (SELECT 1 FROM rollout s
        WHERE s.rollout_id = u.taken_up_by AND s.replan_of = u.rollout_id)`);
}
