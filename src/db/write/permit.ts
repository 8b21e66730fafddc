/**
 * Permission for one user's write. Permission, end of the call (`end-call.ts`) and outcome
 * (`record-outcome.ts`) are one statement each, so that a crash at any point leaves a state from which
 * the activity can simply be repeated.
 */
import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { CallingOffers } from '../../domain/model/settings';
import type { Outcome, Pending } from '../../domain/model/outcome';
import { permittingPhases, type Phase } from '../../domain/rollout/rollout-phase';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { hasRoom, holdIfTripped, writePlaces } from './failure-guard';
import { inFlight, mayWrite } from './may-write';
import { inTurn } from './in-turn';
import { isAsRead } from './members-due';
import { asOnlyCall } from './only-call';
import { isAsChecked, markNow } from './plan-mark';

/** What a permit says about its call. */
export interface IntendedCall {
  personId: string;
  before: Holdings;
  changes: Change[];
  /** What earlier calls have done of the changes. */
  done: Change[];
  /** Changes that wait for a unit. */
  waiting: Change[];
  pending: Pending;
  /** This attempt included. */
  attempts: number;
  /** The number of this call: its end and its outcome are recorded under it. */
  call: number;
  /** An earlier call may have done its work: what Webex says now about this one doesn't settle that. */
  wasUnanswered: boolean;
  callingOffers: CallingOffers;
}

export interface IntendedWrite extends IntendedCall {
  /** Writes of the whole rollout that may be under way together (R96). */
  places: number;
}

export type Permit =
  | { kind: 'granted'; write: IntendedWrite }
  /** The row has its outcome already: an earlier attempt succeeded, but its result was lost. */
  | { kind: 'done'; outcome: Outcome }
  /** An earlier attempt found an addition refused and a removal done. */
  | { kind: 'put-back' }
  /** Pause, brake, hold or a phase between waves: ask again later. `hold`: why the rollout must halt. */
  | { kind: 'held'; hold: string | null }
  /** The rollout has ended. */
  | { kind: 'stopped' }
  /** The organization must wait this long (429, 423). */
  | { kind: 'not-before'; waitMs: number }
  /** The user loses something, and who belongs to the groups that decide was read too long ago (R101). */
  | { kind: 'members-due' }
  /** Templates, settings or memberships have changed since the check before the wave (R101). */
  | { kind: 'aged'; mark: string }
  /** As many writes are under way as may fail together, or too many users wait for their next attempt. */
  | { kind: 'no-room' }
  /** Another job has a write of this user under way. */
  | { kind: 'user-busy' };

type Refusal = Exclude<Permit, { kind: 'granted' }>;

/** A permit is for a call that begins this soon after asking for it. */
export const permitLifeMs = 3_000;

/** The number of the call that begins; until an answer is recorded, it may have done its work. */
export const countedCall = sql`calls = u.calls + 1,
      unanswered_call = coalesce(u.unanswered_call, u.calls + 1),
      in_flight_until = clock_timestamp() + ${inFlight}`;

/** The columns of `IntendedCall`, for statements that update `rollout_user` as `u`. */
export const intendedCall = sql`u.person_id AS "personId", u.before, u.changes, u.pending, u.waiting,
      u.attempts, coalesce(u.done, '[]') AS done, u.calls AS call,
      u.unanswered_call < u.calls AS "wasUnanswered",
      coalesce((SELECT s.settings->'callingOffers' FROM org_settings s
        WHERE s.org_id = u.org_id), '{}') AS "callingOffers"`;

/** Row `u` may be taken from by what is known of the groups that decide. */
const isReadInTime = isAsRead({
  beganAt: sql`${sql.placeholder('membersReadAt')}::timestamptz`,
  freshForMs: sql`${sql.placeholder('membersFreshForMs')}::float8`,
});

/** A write of this row may have done its work already. */
const hasBegun = sql`(u.attempts > 0 OR u.intent_at IS NOT NULL)`;

/** Another rollout has a call for this user under way: a repeated write, whose row is closed. */
const isBusy = sql`EXISTS (SELECT 1 FROM rollout_user o
        WHERE o.org_id = u.org_id AND o.person_id = u.person_id
          AND o.rollout_id <> u.rollout_id AND o.in_flight_until > clock_timestamp())`;

/**
 * Checks phase, pause, guards and the organization's "not before", and records the intent, in one
 * statement: the lock on the rollout's row makes a pause and other permits wait for it, and it for them.
 */
const grant = prepareStatement<IntendedWrite>(
  'permit',
  sql`
    -- the rollout's row, locked against a pause and other permits, if writes may begin now
    WITH permit AS MATERIALIZED (
      SELECT r.rollout_id, r.org_id, r.checked_mark, r.checked_at, r.went_on_at, ${writePlaces} AS places,
        ${writePlaces} - r.users_in_flight AS free_places, r.users_between_attempts
      FROM rollout r
      WHERE r.rollout_id = ${sql.placeholder('rolloutId')} AND ${mayWrite()}
      FOR NO KEY UPDATE OF r
    )
    -- the intent: from here to the outcome, the write may have done its work
    UPDATE rollout_user u SET intent_at = clock_timestamp(), attempts = u.attempts + 1,
      ${countedCall}
    FROM permit r
    WHERE u.rollout_id = r.rollout_id AND u.seq = ${sql.placeholder('seq')}
      AND u.outcome = 'planned' AND u.put_back IS NULL AND NOT ${isBusy}
      AND ${isReadInTime}
      -- a repeated write has to end as it began: its first attempt may have done the work
      AND (${hasBegun} OR ${isAsChecked}
        OR ${markNow} = ${sql.placeholder('decidedMark')}::text)
      AND ${hasRoom(sql`u`, {
        freePlaces: sql`r.free_places`,
        betweenAttempts: sql`r.users_between_attempts`,
      })}
    RETURNING ${intendedCall}, r.places`,
);

interface RefusalRow {
  phase: Phase;
  /** A person has paused it, or asked to stop it. */
  stopAsked: boolean;
  hold: string | null;
  outcome: Outcome;
  putBack: boolean;
  /** More users failed than may. */
  isTripped: boolean;
  isBusy: boolean;
  isMembersDue: boolean;
  /** Null: the check before the wave still holds, or the first attempt has begun. */
  agedMark: string | null;
  waitMs: string | null;
}

const refusal = prepareStatement<RefusalRow>(
  'refusal',
  sql`
    SELECT r.phase, r.paused OR r.brake_at IS NOT NULL AS "stopAsked", r.hold, u.outcome,
      u.put_back IS NOT NULL AS "putBack", ${writePlaces} = 0 AS "isTripped",
      ${isBusy} AS "isBusy", NOT ${isReadInTime} AS "isMembersDue",
      CASE WHEN NOT ${hasBegun} AND NOT ${isAsChecked} THEN ${markNow} END AS "agedMark",
      extract(epoch FROM p.not_before - clock_timestamp()) * 1000 AS "waitMs"
    FROM rollout_user u JOIN rollout r USING (rollout_id)
      LEFT JOIN org_pace p ON p.org_id = r.org_id
    WHERE u.rollout_id = ${sql.placeholder('rolloutId')} AND u.seq = ${sql.placeholder('seq')}`,
);

/** What the asking worker knows beside the rows. */
export interface KnownToWorker {
  /** Of templates and settings by which the user has just been decided again. */
  decidedMark?: string | null;
  /** Of who belongs to the groups that decide; without it, whoever asks has just read them. */
  members?: KnownMembers;
}

export interface KnownMembers {
  /** When the oldest of the lists that decide began to be read, by the database's clock; null: unknown. */
  oldest: Date | null;
  freshForMs: number;
}

export async function takePermit(
  db: Db,
  rolloutId: string,
  seq: number,
  { decidedMark = null, members }: KnownToWorker = {},
): Promise<Permit> {
  const read = members ? asParameters(members) : justRead;
  const granted = await asOnlyCall(db, { rolloutId, seq }, () =>
    inTurn(db, rolloutId, () => grant(db, { rolloutId, seq, decidedMark, ...read })),
  );
  if (granted === null) return { kind: 'user-busy' };
  const [write] = granted;
  if (write) return { kind: 'granted', write };
  const refused = await whyRefused(db, rolloutId, seq, read);
  // Decided by what holds now: it was something else that stood in the way.
  const isDecided = refused.kind === 'aged' && refused.mark === decidedMark;
  return isDecided ? { kind: 'no-room' } : refused;
}

const justRead = { membersReadAt: 'infinity', membersFreshForMs: 0 };

function asParameters({ oldest, freshForMs }: KnownMembers): typeof justRead {
  return {
    membersReadAt: oldest?.toISOString() ?? '-infinity',
    membersFreshForMs: freshForMs,
  };
}

/** Why a permission is not granted now. */
export async function whyRefused(
  db: Db,
  rolloutId: string,
  seq: number,
  read = justRead,
): Promise<Refusal> {
  const [row] = await refusal(db, { rolloutId, seq, ...read });
  if (!row) return { kind: 'stopped' };
  if (row.outcome !== 'planned') return { kind: 'done', outcome: row.outcome };
  // Neither pause nor halt nor end keeps anybody from being put back (R95).
  if (row.putBack) {
    const waitMs = Number(row.waitMs ?? 0);
    return waitMs > 0 ? { kind: 'not-before', waitMs } : { kind: 'put-back' };
  }
  if (isPermitting(row.phase)) return await whyNotNow(db, rolloutId, row);
  return row.phase === 'halted' || row.phase === 'awaiting-promotion'
    ? { kind: 'held', hold: null }
    : { kind: 'stopped' };
}

/** In a phase that writes. */
async function whyNotNow(db: Db, rolloutId: string, row: RefusalRow): Promise<Refusal> {
  const waitMs = Number(row.waitMs ?? 0);
  if (row.stopAsked || row.hold !== null) return { kind: 'held', hold: row.hold };
  if (waitMs > 0) return { kind: 'not-before', waitMs: Math.max(50, waitMs) };
  if (row.isBusy) return { kind: 'user-busy' };
  // Who belongs to which group decides whether the user is decided otherwise by now: it comes first.
  if (row.isMembersDue) return { kind: 'members-due' };
  if (row.agedMark !== null) return { kind: 'aged', mark: row.agedMark };
  // Whoever recorded the last failure may have ended before it could hold the rollout.
  const hold = row.isTripped ? await holdIfTripped(db, rolloutId) : null;
  return hold === null ? { kind: 'no-room' } : { kind: 'held', hold };
}

function isPermitting(phase: Phase): boolean {
  return (permittingPhases as readonly Phase[]).includes(phase);
}
