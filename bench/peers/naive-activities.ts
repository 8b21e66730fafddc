import { sql } from 'drizzle-orm';
import type { Activities } from '../../src/contract/activities';
import { toFailure } from '../../src/activities/activity/failures';
import type { Db } from '../../src/db/connect';
import type { Change } from '../../src/domain/model/change';
import type { Webex } from '../../src/webex/port/webex';

/** The peer's own queue, so that the product doesn't control its rate. */
export const naiveQueue = 'bench/naive';

/**
 * The same write, but each activity only retries on its own: it waits as long as its answer demands,
 * and neither pauses the others nor slows the queue down.
 */
export function naiveActivities(deps: { db: Db; webex: Webex }): Pick<Activities, 'applyUser'> {
  return {
    async applyUser({ rolloutId, seq }) {
      const { rows } = await deps.db.execute<{ personId: string; changes: Change[] }>(sql`
        SELECT person_id AS "personId", changes FROM rollout_user
        WHERE rollout_id = ${rolloutId} AND seq = ${seq}`);
      const [row] = rows;
      if (!row) throw new Error(`Row ${seq} is not in the plan`);
      try {
        await deps.webex.writeUser(row.personId, row.changes);
      } catch (error) {
        throw toFailure(error);
      }
      return { result: 'applied', putBack: false, halted: null };
    },
  };
}
