import type { ActAnswer, Jobs } from '../../../src/api/jobs/jobs';
import type { JobProgress } from '../../../src/contract/messages';
import type { Actor } from '../../../src/domain/model/actor';

type Call =
  | { kind: 'start'; rolloutId: string }
  | { kind: 'retry'; rolloutId: string; n: number; phaseVersion: number }
  | { kind: 'observe'; orgId: string; dropsAcceptedBy?: Actor }
  | { kind: 'look'; orgUuid: string }
  | { kind: 'read-members'; groupId: string }
  | { kind: 'act'; updateName: string; updateId: string; input: unknown };

/** The jobs port in memory: remembers what it was asked, answers what the test says. */
export interface FakeJobs extends Jobs {
  calls: Call[];
  answer: ActAnswer;
  progressAnswer: JobProgress | null;
  isAway: boolean;
  /** Called by a read of members, as Webex would answer it; the result says whether it was whole. */
  onReadMembers: (groupId: string) => Promise<boolean>;
  /** What the workflow does before it answers an action. */
  onAct: () => Promise<void>;
  reset(): void;
}

export function createFakeJobs(): FakeJobs {
  const away = () => {
    if (jobs.isAway) throw new Error('Temporal is away');
  };
  const jobs: FakeJobs = {
    calls: [],
    answer: { kind: 'accepted' },
    progressAnswer: null,
    isAway: false,
    onReadMembers: () => Promise.resolve(false),
    onAct: () => Promise.resolve(),
    reset() {
      jobs.calls = [];
      jobs.answer = { kind: 'accepted' };
      jobs.progressAnswer = null;
      jobs.isAway = false;
      jobs.onReadMembers = () => Promise.resolve(false);
      jobs.onAct = () => Promise.resolve();
    },
    async startRollout({ rolloutId }) {
      jobs.calls.push({ kind: 'start', rolloutId });
      await Promise.resolve().then(away);
    },
    async startRetry({ rolloutId, n, phaseVersion }) {
      jobs.calls.push({ kind: 'retry', rolloutId, n, phaseVersion });
      await Promise.resolve().then(away);
    },
    async startObserve({ orgId, dropsAcceptedBy }) {
      const vouched = dropsAcceptedBy ? { dropsAcceptedBy } : {};
      jobs.calls.push({ kind: 'observe', orgId, ...vouched });
      await Promise.resolve().then(away);
    },
    async readMembers({ groupId }) {
      jobs.calls.push({ kind: 'read-members', groupId });
      await Promise.resolve().then(away);
      return jobs.onReadMembers(groupId);
    },
    async startCheck({ orgUuid }) {
      jobs.calls.push({ kind: 'look', orgUuid });
      await Promise.resolve().then(away);
      return true;
    },
    async act({ updateName, updateId, input }) {
      jobs.calls.push({ kind: 'act', updateName, updateId, input });
      await jobs.onAct();
      return jobs.answer;
    },
    progress: () => Promise.resolve(jobs.progressAnswer),
    ping: () => Promise.resolve(!jobs.isAway),
    awaySince: () => Promise.resolve(jobs.isAway ? new Date('2026-01-02T03:04:05Z') : null),
  };
  return jobs;
}
