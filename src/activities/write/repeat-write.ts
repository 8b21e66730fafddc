import type { Activities, ApplyResult } from '../../contract/activities';
import { takeUnanswered, type UnansweredRow } from '../../db/rollout/ending/unanswered-rows';
import { endRepeat, recordRepeat, takeRepeat } from '../../db/write/repeat-write';
import type { RowOfRollout } from '../../db/write/only-call';
import { permitLifeMs } from '../../db/write/permit';
import type { Change } from '../../domain/model/change';
import { isAmong } from '../../domain/model/was-refused';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { judgeLateAnswer } from '../../domain/write/judge-late';
import { nextCall } from '../../domain/write/next-call';
import { WebexError, type WriteAnswer } from '../../webex/port/webex';
import { defaultThrottleMs } from '../activity/failures';
import { awaitTurn } from './pace/await-turn';
import { recordLate } from './late-success';
import { throttleOrganization } from './pace/pace';
import type { WriteDeps } from './units-left';

/** No answer now: the next sweep asks for the write again, so that nothing depends on this call. */
const notNow: ApplyResult = { result: 'held', putBack: false, halted: null };

interface Repeat {
  personId: string;
  call: number;
  changes: Change[];
  /** Records what the answer shows. */
  record: (answer: WriteAnswer) => Promise<ApplyResult>;
}

/** Repeats a write of which no read shows what became, to learn it from the answer. */
export function repeatWriteActivities(deps: WriteDeps): Pick<Activities, 'repeatWrite'> {
  return {
    async repeatWrite({ orgId, rolloutId, seq }) {
      const row = { rolloutId, seq };
      const repeat = (await unanswered(deps, row)) ?? (await written(deps, row));
      return repeat ? await send(deps, { ...row, orgId }, repeat) : notNow;
    },
  };
}

async function send(
  deps: WriteDeps,
  { orgId, ...row }: RowOfRollout & { orgId: string },
  { personId, call, changes, record }: Repeat,
): Promise<ApplyResult> {
  const { db, webex, throttleWatch } = deps;
  if (!(await awaitTurn(db, orgId, permitLifeMs))) {
    await endRepeat(db, { ...row, call });
    return notNow;
  }
  let answer: WriteAnswer;
  try {
    answer = await webex.writeUser(personId, changes);
  } catch (error) {
    await endRepeat(db, { ...row, call });
    if (!(error instanceof WebexError)) throw error;
    if (error.kind === 'throttled' && throttleWatch.throttled(personId) === 'organization') {
      const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
      await throttleOrganization(deps, orgId, { waitMs, reason: error.message });
    }
    return notNow;
  }
  throttleWatch.worked(personId);
  return await record(answer);
}

/** A row that was written: only its attendee accounts are asked for again. */
async function written({ db }: WriteDeps, row: RowOfRollout): Promise<Repeat | null> {
  const taken = await takeRepeat(db, row.rolloutId, row.seq);
  if (!taken) return null;
  const { call, changes, answered, outcome } = taken;
  return {
    ...taken,
    async record(answer) {
      // What the answer before it showed already, this call has not changed.
      const before = answered ? compareHoldings(changes, answered).done : [];
      const changed = answer.done.filter((change) => !isAmong(before, change));
      await recordRepeat(db, { ...row, call, answered: answer.holdings, changed });
      return { result: outcome, putBack: false, halted: null };
    },
  };
}

/** A row that counts as failed, because no answer and no read says what became of its call. */
async function unanswered(deps: WriteDeps, row: RowOfRollout): Promise<Repeat | null> {
  const taken = await takeUnanswered(deps.db, row);
  if (!taken) return null;
  const { changes, later } = nextCall(taken.changes, taken.done, taken.callingOffers);
  return {
    ...taken,
    changes,
    record: (answer) => recordUnanswered(deps, row, { taken, later }, answer),
  };
}

/** Upkeep puts back what is owed: the shard of this user may have ended long ago. */
async function recordUnanswered(
  { db, unitsLeft }: WriteDeps,
  row: RowOfRollout,
  { taken, later }: { taken: UnansweredRow; later: Change[] },
  answer: WriteAnswer,
): Promise<ApplyResult> {
  const { refused } = answer;
  const units = refused.length > 0 ? await unitsLeft(refused) : {};
  const verdict = judgeLateAnswer(taken, answer, { later, unitsLeft: units });
  await recordLate(db, row, verdict, answer.holdings);
  return { result: verdict.outcome, putBack: false, halted: null };
}
