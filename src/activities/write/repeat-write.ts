import type { Activities, ApplyResult } from '../../contract/activities';
import { endRepeat, recordRepeat, takeRepeat } from '../../db/write/repeat-write';
import { permitLifeMs } from '../../db/write/permit';
import { isAmong } from '../../domain/model/was-refused';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { WebexError } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import { defaultThrottleMs } from '../activity/failures';
import { awaitTurn } from './await-turn';
import { throttleOrganization } from './pace';

/** No answer now: the next sweep asks for the write again, so that nothing depends on this call. */
const notNow: ApplyResult = { result: 'held', putBack: false, halted: null };

/** Repeats a write whose effect no read shows, to learn from its answer. */
export function repeatWriteActivities(deps: ActivityDeps): Pick<Activities, 'repeatWrite'> {
  const { db, webex } = deps;
  return {
    async repeatWrite({ orgId, rolloutId, seq }) {
      const row = await takeRepeat(db, rolloutId, seq);
      if (!row) return notNow;
      if (!(await awaitTurn(db, orgId, permitLifeMs))) {
        await endRepeat(db, { rolloutId, seq, call: row.call });
        return notNow;
      }
      try {
        const answer = await webex.writeUser(row.personId, row.changes);
        const { call, answered } = row;
        // What the answer before it showed already, this call has not changed.
        const before = answered ? compareHoldings(row.changes, answered).done : [];
        const changed = answer.done.filter((change) => !isAmong(before, change));
        await recordRepeat(db, { rolloutId, seq, call, answered: answer.holdings, changed });
        return { result: row.outcome, putBack: false, halted: null };
      } catch (error) {
        await endRepeat(db, { rolloutId, seq, call: row.call });
        if (!(error instanceof WebexError)) throw error;
        if (error.kind === 'throttled') {
          const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
          await throttleOrganization(deps, orgId, { waitMs, reason: error.message });
        }
        return notNow;
      }
    },
  };
}
