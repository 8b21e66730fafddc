/** Assertions at the end of tests of a watched organization. */
import type { LoggedWrite } from '../../src/simulator/state/write-log';
import type { RolloutBody } from './caller';
import { countsOf } from './stage';
import { until, type WatchStage } from './watch-stage';

/** Of `GET users/{id}`, what these stories read. */
export interface ExplainedUser {
  licenses: { offer: string; provenance: { kind: string } }[];
  reactions: {
    mode: string;
    causes: { kind: string; rule: string }[];
    rollout: string | null;
    closedAt: string | null;
  }[];
  openRows: { state: string; pending: string | null; rollout: string }[];
  ledger: { operation: string; change: { target: { offer?: string } }; rollout: string }[];
  rollouts: { outcome: string; rollout: string; takenUpBy: string | null }[];
}

export async function explained(stage: WatchStage, personId: string): Promise<ExplainedUser> {
  return (await stage.caller.org<ExplainedUser>('GET', `users/${personId}`)).body;
}

/** All writes after this many of them. */
export function writesAfter(stage: WatchStage, count = 0): LoggedWrite[] {
  return stage.world.simulator.simulator.log.read(0, Number.MAX_SAFE_INTEGER).slice(count);
}

/** Changes nobody: two checks open no rollout and write nothing. */
export async function expectUntouched(stage: WatchStage): Promise<void> {
  const before = { writes: writesAfter(stage).length, held: await holdings(stage) };
  expect(await stage.lookAndReconcile()).toEqual([]);
  expect(await stage.lookAndReconcile()).toEqual([]);
  expect({ writes: writesAfter(stage).length, held: await holdings(stage) }).toEqual(before);
}

async function holdings(stage: WatchStage): Promise<unknown> {
  return [...(await stage.stage.truth()).values()];
}

/** Of so many users, at most, the page is read. */
const mostPages = 60;

/**
 * Nothing is left over: every write had an effect, no reaction is open, every rollout
 * has ended with an outcome for everybody, and no workflow runs on.
 */
export async function expectNothingLeft(stage: WatchStage): Promise<void> {
  await stage.change({ watch: { intervalSeconds: 86_400 } });
  await stage.untilWatch(({ waiting }) => waiting === 0);
  const isOver = ({ phase }: RolloutBody) => ['completed', 'aborted'].includes(phase);
  const rollouts = await until(
    () => stage.rollouts(),
    (all) => all.every(isOver),
  );
  await stage.look();
  for (const { rolloutId, phase } of rollouts) {
    const { planned } = countsOf(await stage.caller.rollout(rolloutId));
    if (phase === 'completed') expect(planned).toBeUndefined();
  }
  expect(writesAfter(stage).filter(({ isEffective }) => !isEffective)).toEqual([]);
  await expectSettled(stage);
  await expectNothingRuns(stage);
}

async function expectSettled(stage: WatchStage): Promise<void> {
  const all = [...(await stage.stage.truth()).values()].filter(({ exists }) => exists);
  const step = Math.ceil(all.length / mostPages);
  for (const { personId } of all.filter((_, n) => n % step === 0)) {
    const { reactions, openRows } = await explained(stage, personId);
    expect(reactions.filter(({ closedAt }) => closedAt === null)).toEqual([]);
    expect(openRows).toEqual([]);
  }
}

async function expectNothingRuns(stage: WatchStage): Promise<void> {
  const executions = await until(
    () => listExecutions(stage),
    (all) => all.every(({ status }) => status !== 'RUNNING'),
  );
  expect(executions.filter(({ status }) => status !== 'COMPLETED')).toEqual([]);
  const looks = executions.filter(({ type }) => type === 'watchDirectory');
  expect(looks.length).toBeGreaterThan(1);
}

interface Execution {
  type: string;
  workflowId: string;
  status: string;
}

async function listExecutions({ world }: WatchStage): Promise<Execution[]> {
  const found: Execution[] = [];
  for await (const { type, workflowId, status } of world.client.workflow.list()) {
    // A run that continued as new goes on in the next.
    const name = status.name === 'CONTINUED_AS_NEW' ? 'COMPLETED' : status.name;
    found.push({ type, workflowId, status: name });
  }
  return found;
}
