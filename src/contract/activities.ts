/**
 * What a workflow may ask of the world: one object in, one object out, ids and counters only.
 * Everything that touches Webex or the database is behind one of these.
 */
import type { VerificationSchedule } from '../domain/model/settings';
import type { Outcome, OutcomeCounts } from '../domain/model/outcome';
import type { PlanWave } from '../domain/plan/plan-summary';
import type { Phase } from '../domain/rollout/rollout-phase';
import type { CauseCounts } from '../domain/watch/count-causes';
import type { StartableRollout } from './rollout-start';
import type { Actor } from '../domain/model/actor';

export interface RolloutRef {
  orgId: string;
  rolloutId: string;
}

/** What the rollout's workflow needs to know of its stored plan. */
export interface StoredPlan {
  digest: string;
  total: number;
  planned: number;
  waves: PlanWave[];
  counts: OutcomeCounts;
  /** The revision governs from the start: no pilot will judge it (R16a). */
  governsFromStart: boolean;
  gates: 'manual' | 'automatic';
  failurePercent: number;
  schedule: VerificationSchedule;
  expiresInMs: number;
  /** Markdown for the Temporal UI. */
  details: string;
  /** A preview: it is only read. */
  neverStarts?: true;
}

/** A change of phase or flag, recorded once however often it is asked for. */
export interface PhaseMove extends RolloutRef {
  from: Phase;
  to: Phase;
  /** `phase_version` after the move. */
  version: number;
  /** Null: the rollout itself. */
  actor: Actor | null;
  reason: string;
  waitingFor: string | null;
  wave?: number | null;
  deadlineAtMs?: number | null;
  /** What becomes of the draft that this rollout carries (R16a). */
  draft?: 'governs' | 'dropped';
  /** The kept request by which the rollout is planned again, or that takes up what it leaves (R102). */
  requestId?: string;
}

export interface HoldChange extends RolloutRef {
  paused: boolean;
  version: number;
  actor: Actor;
  reason: string;
}

/** One line of a shard's page: what the Temporal UI shows for the user. */
export interface ShardItem {
  seq: number;
  label: string;
  /** Users of another step wait until this one is written: it may free the units that they need. */
  step?: number;
}

export interface UserRef extends RolloutRef {
  seq: number;
}

/**
 * The result of one user's write. `held`: the permission was refused because of pause, hold or phase,
 * and nothing was written; `halted` repeats the reason of a hold, so that no lost answer can hide it.
 * `putBack`: half of a replacement was refused; `putBackUser` must follow (R40).
 */
export interface ApplyResult {
  result: Outcome | 'held' | 'stopped';
  putBack: boolean;
  halted: string | null;
  /**
   * Writes of the whole rollout that may be under way together (R96): its shards begin no more. Absent
   * where nothing was permitted.
   */
  places?: number;
}

export interface SweepResult {
  unconverged: number;
  converged: number;
  /** Rows whose attendee account no read shows: a repeated write decides. At most 500 per sweep. */
  repeat: number[];
}

/** Something is missing that the reads before showed: it counts only if a second read agrees (R89). */
export interface ToConfirm {
  readId: number;
  /** The second read follows at least this much later. */
  afterMs: number;
}

export interface Observed {
  /** People whom the list showed. */
  users: number;
  /** How many there are as SCIM or the free licenses say (R87); null: neither can be read. */
  promised?: number | null;
  confirm?: ToConfirm;
}

export interface Checked {
  isBaseline: boolean;
  found: CauseCounts;
}

export interface Activities {
  /**
   * Reads licenses, groups, the members that matter, and people into the mirror. Heartbeats. Throws
   * `ObservationIncomplete` where a list lacks a part: for a rollout it is retryable at first, so that a
   * few bad answers don't end its plan.
   */
  observe(input: {
    orgId: string;
    rolloutId: string | null;
    dropsAcceptedBy?: Actor;
  }): Promise<Observed>;
  /**
   * One check of the watch: reads little, and stores what it found. Heartbeats. If `confirms` and
   * something is missing, nothing is found yet: `confirmMissing` and `compareDirectory` follow.
   */
  lookAtDirectory(input: {
    orgId: string;
    confirms?: true;
  }): Promise<Checked & { readId?: number; confirm?: ToConfirm }>;
  /** Reads what is missing a second time, and takes out of the mirror what both reads agree about. Heartbeats. */
  confirmMissing(input: { orgId: string; readId: number }): Promise<void>;
  /** Ends a check whose second read has been made, or has failed: stores what it found. */
  compareDirectory(input: { orgId: string; readId: number }): Promise<Checked>;
  /** Reads the members of one group into the mirror; false: not all could be read. Heartbeats. */
  readGroupMembers(input: { orgId: string; groupId: string }): Promise<{ isWhole: boolean }>;
  /**
   * Turns what was found into rollouts, and returns those whose workflow must be started. Users whom the
   * read of this number or a later one showed aren't read again; without a number, all are. Heartbeats.
   */
  openReactions(input: {
    orgId: string;
    readId?: number;
  }): Promise<{ rollouts: StartableRollout[] }>;
  /**
   * Computes the plan from the mirror and stores it, whole or not at all. `requestId`: the kept request
   * takes the place of the stored one, together with the plan. Heartbeats.
   */
  planRollout(input: RolloutRef & { requestId?: string }): Promise<StoredPlan>;
  /** Throws `PlanStale` where the move lets a wave begin and the plan has aged. Heartbeats. */
  movePhase(input: PhaseMove): Promise<{ counts: OutcomeCounts }>;
  /** Claims the organization and starts; throws `DigestMismatch`, `OrganizationBusy`, `GuardTripped`, `ReadOnly`, `PlanStale`. Heartbeats. */
  beginRollout(input: PhaseMove & { digest: string }): Promise<{ counts: OutcomeCounts }>;
  /**
   * Sets or lifts the pause; returns only when no write that was permitted before is under way. Throws
   * `PlanStale` where the pause would be lifted from a plan that has aged. Heartbeats.
   */
  setHold(input: HoldChange): Promise<void>;
  /** Records what the rollout waits for, without a change of phase. */
  noteProgress(
    input: RolloutRef & {
      waitingFor: string | null;
      deadlineAtMs: number | null;
      /** Until when the last written wave soaks. */
      soaksUntilMs?: number;
    },
  ): Promise<{ counts: OutcomeCounts }>;
  /** Waits until no permitted write is under way any more. */
  drainWrites(input: RolloutRef): Promise<void>;
  setPace(input: RolloutRef & { writesPerSecond: number; actor: Actor }): Promise<void>;
  /** Turns rows that were never written into `withheld`. */
  withholdRest(input: RolloutRef): Promise<{ counts: OutcomeCounts }>;
  /**
   * Reads a wave's users again in bulk, and decides everybody who is left again; changed users become
   * `conflict`, missing ones `gone` once a second read, `againAfterMs` later, doesn't find them either
   * (R89). Before users lose something, the members of the groups that decide are read as well (R101).
   * `confirm`: somebody is missing from these, which has to be read a second time before anybody is decided
   * again; `confirmed` says that it was. `stale`: the plan has aged, or too many users weren't found (R88), and nothing may be written.
   * Heartbeats.
   */
  rereadWave(input: RolloutRef & { wave: number; confirmed?: boolean }): Promise<{
    counts: OutcomeCounts;
    writable: number;
    stale?: string;
    againAfterMs?: number;
    confirm?: ToConfirm;
  }>;
  /** Why a person must decide at an automatic gate after this wave (R96); null: it opens. */
  judgeGate(input: RolloutRef & { wave: number }): Promise<{ objection: string | null }>;
  /**
   * The rows of a shard that are next. Users whom nobody has read for 30 s are read once more: changed ones
   * become `conflict`. Heartbeats.
   */
  readShardPage(
    input: RolloutRef & { wave: number; fromSeq: number; toSeq: number; limit: number },
  ): Promise<ShardItem[]>;
  /** At most one write call to Webex. Runs on the paced queue. */
  applyUser(input: UserRef): Promise<ApplyResult>;
  /** Puts the other half of a half-refused replacement back (R40). Runs on the paced queue. */
  putBackUser(input: UserRef): Promise<ApplyResult>;
  /** Repeats a write to learn from its answer what no read shows. Runs on the paced queue. */
  repeatWrite(input: UserRef): Promise<ApplyResult>;
  /** Checks all unconverged users of these waves once, by whichever reads are fewer. Heartbeats. */
  sweep(input: RolloutRef & { waves: number[] }): Promise<SweepResult>;
  /** At the deadline: users whose change Webex doesn't show are `unconverged` (R80). */
  giveUp(input: RolloutRef & { waves: number[] }): Promise<{ unconverged: number }>;
  /** Makes the failed rows of a rollout writable again, as one more wave; null where none failed. */
  reopenFailed(input: RolloutRef): Promise<{
    counts: OutcomeCounts;
    wave: PlanWave | null;
    schedule: VerificationSchedule;
    total: number;
    /** Waves with users who were written before and whom no read has shown yet (R99). */
    unseenWaves?: number[];
  }>;
}
