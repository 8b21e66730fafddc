import type { Db } from '../../../../src/db/connect';
import { readGateEvidence } from '../../../../src/db/rollout/progress/gate-evidence';
import { markConverged } from '../../../../src/db/rollout/wave-rows';
import { recordOutcome } from '../../../../src/db/write/record-outcome';
import { takePermit } from '../../../../src/db/write/permit';
import type { Outcome } from '../../../../src/domain/model/outcome';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { aRollout } from '../../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

describe('the evidence for an automatic gate', () => {
  it('R96 counts who was written and who was seen, of this wave only', async () => {
    const pilot = { wave: 0 };
    const { rolloutId } = await aRollout(db, {
      users: [pilot, pilot, pilot, { ...pilot, outcome: 'conflict' }, { wave: 1 }],
    });
    const written = async (seq: number, outcome: Outcome) => {
      await takePermit(db, rolloutId, seq);
      const answered = { licenses: ['MS'], attendeeSites: [] };
      const rest = { done: [], refused: [], detail: null, trackingId: null, putBack: null };
      await recordOutcome(db, {
        rolloutId,
        seq,
        call: 1,
        outcome,
        answered,
        actor: 'rollout',
        ...rest,
      });
    };
    await written(1, 'applied');
    await written(2, 'partial');
    await written(3, 'applied');
    await written(5, 'applied');
    // The part of a partial write that was done is seen, but the user is a failure all the same.
    await markConverged(db, rolloutId, [1, 2, 5]);
    expect(await readGateEvidence(db, { rolloutId, wave: 0 })).toEqual({
      wave: 0,
      counts: { converged: 1, partial: 1, applied: 1, conflict: 1 },
      written: 3,
      seen: 1,
    });
  });
});
