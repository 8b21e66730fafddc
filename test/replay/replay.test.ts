import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { phases, type Phase } from '../../src/domain/rollout/rollout-phase';

interface RecordedHistory {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowId: string };
    upsertWorkflowSearchAttributesEventAttributes?: {
      searchAttributes: { indexedFields: { SeatwisePhase?: { data: string } } };
    };
  }[];
}

/** Every job begins in this phase, so that no recorded move leads to it. */
const unrecorded: Phase[] = ['planning'];

const folder = path.join(__dirname, 'histories');
const recorded = readdirSync(folder).map((file) => {
  const history = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as RecordedHistory;
  // Children are named after their parent, so that a history needs the id it was made with.
  const { workflowId } = history.events[0]!.workflowExecutionStartedEventAttributes!;
  return { file, workflowId, history };
});

function phasesOf({ events }: RecordedHistory): string[] {
  return events.flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
    const data = upsert?.searchAttributes.indexedFields.SeatwisePhase?.data;
    return data === undefined ? [] : [String(JSON.parse(Buffer.from(data, 'base64').toString()))];
  });
}

function fileOf(workflowId: string): string {
  return recorded.find((one) => one.workflowId === workflowId)?.file ?? workflowId;
}

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundle;

  beforeAll(async () => {
    const workflowsPath = path.resolve(__dirname, '../../src/workflows/index.ts');
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  }, 60_000);

  afterAll(() => Runtime.instance().shutdown());

  it('cover every phase', () => {
    const seen = new Set(recorded.flatMap(({ history }) => phasesOf(history)));
    const wanted = phases.filter((phase) => !unrecorded.includes(phase));
    expect([...seen].sort()).toEqual([...wanted].sort());
  });

  it('are replayed by the workflows of today', async () => {
    const failed: string[] = [];
    let replayed = 0;
    for await (const { workflowId, error } of Worker.runReplayHistories(
      { workflowBundle },
      recorded,
    )) {
      replayed += 1;
      if (error) failed.push(`${fileOf(workflowId)}: ${error.message}`);
    }
    expect(failed).toEqual([]);
    expect(replayed).toBe(recorded.length);
  }, 60_000);
});
