/** Closes reactions whose rollout has ended or has failed to write their user. */
import { sql } from 'drizzle-orm';
import { finalPhases } from '../../domain/rollout/rollout-phase';
import type { Reaction } from '../../domain/watch/reaction';
import { retryAt } from '../../domain/watch/retry';
import type { Queryable } from '../connect';
import { answerBelievedUntil, textList } from '../sql';
import { addFindings } from './reactions';

interface EndedReaction extends Reaction, Record<string, unknown> {
  reactionId: number;
  personId: string;
  foundAt: string;
  attempts: number;
  /** Why the user wasn't written; null where nothing failed. */
  failure: string | null;
  /** Until when the answer is believed to a write that no read showed in time; null: it wasn't so. */
  believedUntil: string | null;
  /** The user changed between plan and write, or nobody started the plan: found again as it was. */
  isAgain: boolean;
  now: string;
}

const wasUnseen = sql`coalesce(u.outcome = 'unconverged', false)`;

/**
 * What a rollout should have done for the user of a reaction, and didn't (R94, R100). Who waits for a unit
 * goes on waiting after a failed call (R107), but counts as served after one that was answered.
 */
const failed = sql`(${wasUnseen} OR e.mode <> 'waiting' AND (u.outcome IN ('failed', 'partial')
  OR (u.outcome = 'gone' AND d.gone_at IS NULL)
  OR (r.phase = 'failed' AND (u.outcome IS NULL OR u.outcome IN ('withheld', 'planned')))))`;

/** The rollout ended early, and its users are still verified (R99): their outcome is open. */
const isFollowed = sql`(u.outcome = 'applied' AND r.verifying_until IS NOT NULL)`;

/**
 * Closes the reactions of rollouts that have ended. Some users then wait again:
 *
 * | what happened                                   | the user                                       |
 * |-------------------------------------------------|------------------------------------------------|
 * | the plan expired, or the user changed meanwhile | waits again                                    |
 * | the write failed, or the rollout did            | is tried again for a day, then listed (R100)   |
 * | it was written, and no read showed it in time   | is written once more, then listed (R100)       |
 * | a person discarded or aborted the rollout       | isn't written, unless a write had failed       |
 *
 * A failed write is known as soon as the rollout only verifies.
 */
export async function closeReactions(tx: Queryable, orgId: string): Promise<void> {
  const { rows } = await tx.execute<EndedReaction>(sql`
    SELECT e.reaction_id::int AS "reactionId", e.person_id AS "personId", e.mode, e.causes,
      e.found_at AS "foundAt", e.attempts, now() AS now,
      CASE WHEN ${failed} AND r.phase <> 'discarded'
        THEN coalesce(u.detail, r.phase_reason, 'it was not written') END AS failure,
      CASE WHEN ${wasUnseen} THEN coalesce(${answerBelievedUntil('d')}, now()) END AS "believedUntil",
      r.phase = 'expired' OR coalesce(u.outcome = 'conflict', false) AS "isAgain"
    FROM reaction e JOIN rollout r ON r.rollout_id = e.rollout_id AND r.org_id = e.org_id
      LEFT JOIN rollout_user u ON u.rollout_id = r.rollout_id AND u.person_id = e.person_id
      LEFT JOIN directory_user d ON d.org_id = e.org_id AND d.person_id = e.person_id
    WHERE e.org_id = ${orgId} AND e.closed_at IS NULL
      AND (r.phase IN ${textList(finalPhases)} AND ${isFollowed} IS NOT TRUE
        OR (r.phase = 'verifying' AND ${failed}))
    FOR UPDATE OF e`);
  const givenUp = rows.filter((row) => row.failure !== null && nextTry(row) === null);
  await close(tx, rows, givenUp);
  await addFindings(
    tx,
    orgId,
    rows.flatMap((row) => foundAgain(row) ?? []),
  );
  await closeReactionsOfGone(tx, orgId);
}

function nextTry({ foundAt, attempts, believedUntil: until, now }: EndedReaction): Date | null {
  const believedUntil = until === null ? null : new Date(until);
  const failure = { foundAt: new Date(foundAt), attempts: attempts + 1, believedUntil };
  return retryAt(failure, new Date(now));
}

function foundAgain(row: EndedReaction) {
  const { personId, foundAt, attempts, failure, isAgain, mode, causes } = row;
  const found = { personId, foundAt, reaction: { mode, causes }, isDue: true };
  if (failure === null) return isAgain ? { ...found, attempts } : null;
  const next = nextTry(row);
  if (next === null) return null;
  return { ...found, attempts: attempts + 1, failure, notBefore: next.toISOString() };
}

async function close(
  tx: Queryable,
  ended: readonly EndedReaction[],
  givenUp: readonly EndedReaction[],
): Promise<void> {
  if (ended.length === 0) return;
  const rows = ended.map((row) => ({
    reaction_id: row.reactionId,
    failure: row.failure,
    gave_up: givenUp.includes(row),
  }));
  await tx.execute(sql`
    UPDATE reaction e SET closed_at = now(), failure = coalesce(c.failure, e.failure),
      gave_up_at = CASE WHEN c.gave_up THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS c(reaction_id bigint, failure text, gave_up boolean)
    WHERE e.reaction_id = c.reaction_id`);
}

/** Closes the reactions of users who have been gone for a day. */
async function closeReactionsOfGone(tx: Queryable, orgId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE reaction e SET closed_at = now() FROM directory_user d
    WHERE e.org_id = ${orgId} AND e.rollout_id IS NULL AND e.closed_at IS NULL
      AND d.org_id = e.org_id AND d.person_id = e.person_id
      AND d.gone_at < now() - interval '1 day'`);
}
