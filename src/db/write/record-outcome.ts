import { sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Outcome } from '../../domain/model/outcome';
import type { Holdings } from '../../domain/model/user';
import { firstLookMs } from '../../domain/write/owed';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';
import { targetOf } from '../sql';
import { lockedRollout } from './failure-guard';
import { inTurn } from './in-turn';
import { inFlight } from './may-write';
import { inMs } from './owed';

export interface OutcomeRecord {
  rolloutId: string;
  seq: number;
  /** The number of the call that this is about. */
  call: number;
  /** `planned`: another call of this user must follow. */
  outcome: Outcome;
  /** What the answer showed; null when there was none. */
  answered: Holdings | null;
  /** Without an answer: false where this call or one before it may have done its work. Default: true. */
  isSettled?: boolean;
  /** Changes that took place: one ledger row each, once. */
  done: Change[];
  /** What all calls for the row's changes have done; without it, the stored value stays. */
  doneSoFar?: Change[];
  refused: Change[];
  /** Changes that wait for a unit from now on, besides those that do already. */
  waiting?: Change[];
  detail: string | null;
  trackingId: string | null;
  /** Set: what is owed to the user (R95), in whatever outcome. */
  putBack: Change[] | null;
  /** When it is tried again, where the row is closed. */
  retryOwedMs?: number;
  /** What an answer says was put back: reads have to show it. */
  restored?: Change[];
  actor: string;
  /** False: somebody else may have made the additions, so no template becomes their owner (R31a). */
  ownsAdditions?: boolean;
}

const outcome = sql`${sql.placeholder('outcome')}::text`;
/** Null where there was no answer. */
const answered = sql`${sql.placeholder('answered')}::jsonb`;
/** Null where nothing has to be put back. */
const putBack = sql`${sql.placeholder('putBack')}::jsonb`;
/** Null where no answer said that anything was put back. */
const restored = sql`${sql.placeholder('restored')}::jsonb`;
/** The row is closed, and something is still owed. */
const leavesDebt = sql`(${putBack} IS NOT NULL AND ${outcome} <> 'planned')`;

const statement = prepareStatement(
  'outcome',
  sql`
  -- 1 the row: recording a call twice finds nothing the second time. A rollout may have been closed
  -- while the call was under way: what it did counts all the same
  WITH ${lockedRollout(sql.placeholder('rolloutId'))}, row AS (
    UPDATE rollout_user u SET outcome = ${outcome},
      pending = CASE WHEN ${outcome} = 'waiting-for-seat' OR ${sql.placeholder('waiting')}::jsonb <> '[]'
          THEN 'unit'
        WHEN ${outcome} = 'host-pending' THEN 'host' ELSE pending END,
      answered = coalesce(${answered}, answered),
      recorded_call = calls,
      -- where something is put back, an earlier call that arrives late would take it again
      unanswered_call = CASE WHEN NOT ${sql.placeholder('isSettled')} AND ${answered} IS NULL
          OR (u.put_back IS NOT NULL OR ${putBack} IS NOT NULL) AND unanswered_call < calls
        THEN unanswered_call END,
      done = coalesce(${sql.placeholder('doneSoFar')}::jsonb, done),
      own_waiting = CASE WHEN ${sql.placeholder('waiting')}::jsonb = '[]' THEN own_waiting
        ELSE u.waiting || ${sql.placeholder('waiting')}::jsonb END,
      refused = ${sql.placeholder('refused')}::jsonb,
      detail = ${sql.placeholder('detail')}, trouble_since = NULL,
      tracking_id = coalesce(${sql.placeholder('trackingId')}, tracking_id),
      put_back = ${putBack},
      owed_tries = u.owed_tries + ${leavesDebt}::integer,
      owed_next_at = CASE WHEN ${leavesDebt} THEN ${inMs(sql.placeholder('retryOwedMs'))}
        WHEN ${restored} IS NOT NULL THEN ${inMs(firstLookMs)} END,
      restored = ${restored},
      restored_at = CASE WHEN ${restored} IS NOT NULL THEN clock_timestamp() END,
      written_at = CASE WHEN ${answered} IS NULL THEN written_at ELSE now() END,
      in_flight_until = CASE WHEN ${putBack} IS NULL OR ${outcome} <> 'planned' THEN NULL
        ELSE clock_timestamp() + ${inFlight} END
    FROM locked WHERE u.rollout_id = locked.rollout_id AND seq = ${sql.placeholder('seq')}
      AND calls = ${sql.placeholder('call')} AND recorded_call IS DISTINCT FROM calls
      AND (outcome IN ('planned', 'withheld', 'failed', 'partial') OR u.put_back IS NOT NULL)
    RETURNING u.org_id, u.person_id, u.rollout_id, u.seq, u.calls

  -- 2 what took place, one row per change
  ), done AS (
    SELECT row.*, c AS change, c->>'operation' AS operation, c->'reason'->>'code' AS code,
      ${targetOf('c')} AS target
    FROM row, jsonb_array_elements(${sql.placeholder('done')}::jsonb) c

  -- 3 provenance (R31a): the owner is the first template that grants it, the rollout's own before others
  ), given AS (
    INSERT INTO provenance AS p (org_id, person_id, target, kind, template_id, revision, rollout_id)
    SELECT d.org_id, d.person_id, d.target,
      CASE WHEN t.owner IS NULL THEN 'manual' ELSE 'template' END,
      t.owner->>'templateId', (t.owner->>'revision')::int, d.rollout_id
    FROM done d JOIN rollout r USING (rollout_id) LEFT JOIN LATERAL (
      SELECT e.owner FROM jsonb_array_elements(d.change->'reason'->'templates')
        WITH ORDINALITY AS e(owner, n)
      ORDER BY (e.owner->>'templateId' = r.template_id::text) DESC, n LIMIT 1) t ON true
    WHERE d.operation = 'add' AND ${sql.placeholder('ownsAdditions')}
      AND d.code NOT IN ('restored', 'put-back')
    ON CONFLICT (org_id, person_id, target) DO UPDATE SET kind = excluded.kind,
      template_id = excluded.template_id, revision = excluded.revision,
      rollout_id = excluded.rollout_id, since = excluded.since, ended_at = NULL

  -- 4 ownership ends with a removal, and lives again where something is put back or restored
  ), ended AS (
    UPDATE provenance p SET ended_at = CASE WHEN d.operation = 'remove' THEN now() END FROM done d
    WHERE p.org_id = d.org_id AND p.person_id = d.person_id AND p.target = d.target
      AND (d.operation = 'remove' OR d.code IN ('restored', 'put-back'))

  -- 5 the mirror believes the answer (R80a)
  ), mirror AS (
    UPDATE mirror_user d SET answered = ${answered}, answered_at = now()
    FROM row JOIN org_number o USING (org_id)
    WHERE ${answered} IS NOT NULL AND d.org_no = o.org_no AND d.person_id = row.person_id

  -- 6 the ledger, one entry per change of a call and never a second
  ), entries AS (
    INSERT INTO ledger (org_id, person_id, rollout_id, seq, attempt, operation, target, change, actor)
    SELECT d.org_id, d.person_id, d.rollout_id, d.seq, d.calls, d.operation, d.target, d.change,
      ${sql.placeholder('actor')}
    FROM done d
    ON CONFLICT DO NOTHING
  )
  SELECT count(*)::int AS n FROM row`,
);

/** Records outcome, provenance, mirror and ledger together. Recording twice changes nothing. */
export async function recordOutcome(db: Db, record: OutcomeRecord): Promise<void> {
  const { refused, done, isSettled = true, doneSoFar = null, waiting = [] } = record;
  const { ownsAdditions = true, restored = [], retryOwedMs = 0 } = record;
  const values = {
    ...record,
    isSettled,
    ownsAdditions,
    waiting: json(waiting),
    doneSoFar: json(doneSoFar),
    answered: json(record.answered),
    refused: refused.length === 0 ? null : json(refused),
    putBack: json(record.putBack),
    restored: restored.length === 0 ? null : json(restored),
    retryOwedMs,
    done: json(done),
  };
  await inTurn(db, record.rolloutId, () => statement(db, values));
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
