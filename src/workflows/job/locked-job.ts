import { upsertSearchAttributes } from '@temporalio/workflow';
import type { PhaseMove } from '../../contract/activities';
import { failedAttribute, phaseAttribute, totalAttribute } from '../../contract/search-attributes';
import type { Actor } from '../../domain/model/actor';
import type { OutcomeCounts } from '../../domain/model/outcome';
import { applyMove, applyPause } from '../../domain/rollout/job-state';
import { canMove, type Phase } from '../../domain/rollout/rollout-phase';
import { drainWrites, movePhase, setHold, withholdRest } from './activity-calls';
import type { JobMemory } from './job-memory';
import { unwrapped } from './unwrapped';

/** What a move records in addition to its phases; what is left out is stored as none or as it was. */
export type MoveDetails = Partial<
  Pick<
    PhaseMove,
    'actor' | 'reason' | 'waitingFor' | 'wave' | 'deadlineAtMs' | 'draft' | 'requestId'
  >
>;

/**
 * A job while no other move of it is under way: the changes of phase and flag. `Job.withMoveLock`
 * makes the only one. Each change is recorded in the database before the memory takes it over.
 */
export class LockedJob {
  constructor(private readonly memory: JobMemory) {}

  async move(
    to: Phase,
    details: MoveDetails = {},
    record: (move: PhaseMove) => Promise<{ counts: OutcomeCounts }> = movePhase,
  ): Promise<void> {
    const { ref, state } = this.memory;
    const { phase: from, version } = state;
    if (from !== to && !canMove(from, to)) {
      throw new Error(`A rollout can't move from ${from} to ${to}`);
    }
    const { actor = null, reason = '', waitingFor = null, ...rest } = details;
    const { counts } = await unwrapped(record, {
      ...ref,
      from,
      to,
      version: version + 1,
      actor,
      reason,
      waitingFor,
      ...rest,
    });
    const moved = applyMove(this.memory.state, { ...rest, to, counts, waitingFor, reason });
    upsertSearchAttributes([
      { key: phaseAttribute, value: to },
      { key: totalAttribute, value: moved.total },
      { key: failedAttribute, value: counts.failed ?? 0 },
    ]);
    this.memory.state = moved;
  }

  async pause(actor: Actor, reason: string): Promise<void> {
    await this.setPaused(true, actor, reason);
    await this.memory.children.order('hold');
  }

  /** Lifts the pause, or leads a halted rollout back to the phase where a guard halted it. */
  async resume(actor: Actor, reason: string): Promise<void> {
    const { phase, haltedFrom } = this.memory.state;
    if (phase === 'halted' && haltedFrom) await this.move(haltedFrom, { actor, reason });
    else await this.setPaused(false, actor, reason);
    await this.memory.children.order('run');
  }

  /** Acts on a guard that tripped. */
  async halt(): Promise<void> {
    const { haltReason: reason, phase } = this.memory.state;
    if (reason === null) return;
    if (canMove(phase, 'halted')) {
      await this.move('halted', { reason, waitingFor: `resume, replan or abort: ${reason}` });
    }
    await this.memory.children.order('hold');
    this.memory.state = { ...this.memory.state, haltReason: null };
  }

  /** Ends the rollout early: no new write begins, and users who weren't written are withheld. */
  async end(to: 'aborted' | 'discarded' | 'failed', details: MoveDetails): Promise<void> {
    const { ref, children } = this.memory;
    await this.move(to, details);
    await children.order('stop');
    await drainWrites(ref);
    const { counts } = await withholdRest(ref);
    this.memory.state = { ...this.memory.state, counts };
  }

  private async setPaused(paused: boolean, actor: Actor, reason: string): Promise<void> {
    const { ref, state } = this.memory;
    await unwrapped(setHold, { ...ref, paused, version: state.version + 1, actor, reason });
    const by = paused ? { name: actor.name, reason } : null;
    this.memory.state = applyPause(this.memory.state, paused, by);
  }
}
