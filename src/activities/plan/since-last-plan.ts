import { ApplicationFailure } from '@temporalio/common';
import type { Queryable } from '../../db/connect';
import type { CandidateQuery } from '../../db/plan/read-candidates';
import { countOwed, hasOpenRows } from '../../db/rollout/replan';
import { countOutcomes, findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { takeUpLeft } from '../../db/rollout/taken-rows';
import type { PlanContext } from '../../domain/kinds/plan-context';
import { counted } from '../../domain/model/text/wording';
import type { PlanWarning } from '../../domain/model/warning';
import { whatChanged, type PlanBasis } from '../../domain/plan/aged/plan-basis';
import { countRows, differingRows } from './differing-rows';

interface LastPlan {
  rollout: RolloutRow;
  /** The rollout whose users it takes up; null: none. */
  from: string | null;
  context: PlanContext;
  query: CandidateQuery;
  basis: PlanBasis;
  heartbeat: () => void;
}

/** R102: how a plan differs from the one that it replaces, or whose users it takes up. */
export async function sinceLastPlan(tx: Queryable, last: LastPlan): Promise<PlanWarning[]> {
  const { rollout, from } = last;
  if (rollout.digest !== null) return [plannedAgain(await replaces(tx, last))];
  if (from !== null) return [plannedAgain(await takesUp(tx, last, from))];
  return [];
}

function plannedAgain(text: string): PlanWarning {
  return { code: 'planned-again', text, rule: 'R102' };
}

async function replaces(tx: Queryable, { rollout, ...now }: LastPlan): Promise<string> {
  const { rolloutId, digest, basis: before } = rollout;
  const { context, query, basis, heartbeat } = now;
  const { planned = 0 } = await countOutcomes(tx, rolloutId);
  const rows = await differingRows(tx, { rolloutId, context, query, onPage: heartbeat });
  const differ = `of its ${counted(planned, 'user')} with changes, ${countRows(rows)} would be decided differently now`;
  return [
    `This plan replaces the one with digest ${digest ?? ''}: ${differ}.`,
    ...since(before, basis),
  ].join(' ');
}

async function takesUp(tx: Queryable, { rollout, basis }: LastPlan, from: string): Promise<string> {
  if (await hasOpenRows(tx, from)) {
    // Asked again in a moment: the rollout has ended, and closes the rows of its last writes.
    throw ApplicationFailure.retryable(`Rollout ${from} still closes its rows`);
  }
  const left = await takeUpLeft(tx, { from, by: rollout.rolloutId });
  const users = left.reduce((sum, one) => sum + one.users, 0);
  const by = left.map((one) => `${one.users} ${one.outcome}`).join(', ');
  const whom = `${counted(users, 'user')} of rollout ${from}${users === 0 ? '' : `: ${by}`}`;
  const earlier = await findRollout(tx, rollout.orgId, from);
  const owed = await countOwed(tx, from);
  return [
    `This plan takes up ${whom}.`,
    ...withoutOwed(owed),
    ...since(earlier?.basis ?? null, basis),
  ].join(' ');
}

function withoutOwed(users: number): string[] {
  if (users === 0) return [];
  const whom = `${counted(users, 'user')} to whom that rollout still owes what it removed`;
  return [`It leaves out ${whom}: once it is put back, they can be planned again.`];
}

function since(before: PlanBasis | null, now: PlanBasis): string[] {
  const changed = before === null ? [] : whatChanged(before, now);
  return changed.length === 0 ? [] : [`Since then: ${changed.join(' ')}`];
}
