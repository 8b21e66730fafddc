/**
 * A pause counts on a permit being used at once: after it has waited for the calls under way, no write
 * of an older permit may begin. A permit that took too long to arrive, or whose turn in the pace of the
 * organization is too far away, is given back unused.
 */
import type { ApplyResult, UserRef } from '../../contract/activities';
import type { Db } from '../../db/connect';
import { endCall } from '../../db/write/end-call';
import { permitLifeMs, type Permit } from '../../db/write/permit';
import { waitFailure } from '../activity/failures';
import { awaitTurn } from './pace/await-turn';

/** How soon to ask again while another job writes this user. */
const busyRetryMs = 2_000;
/** How soon to ask again after a permit that could not be used in time. */
const staleRetryMs = 250;
/** How soon to ask again while as many writes are under way as may fail together. */
const noRoomRetryMs = 1_000;

type Refusal = Exclude<Permit, { kind: 'granted' }>;

interface Permitted<Write> {
  take: (
    db: Db,
    rolloutId: string,
    seq: number,
  ) => Promise<{ kind: 'granted'; write: Write } | Refusal>;
  /** Reads who belongs to the groups that decide, where the permit asks for it. */
  readMembers?: () => Promise<void>;
  work: (write: Write, beganAtMs: number) => Promise<ApplyResult>;
}

/** Asks for permission to write a user, and runs `work` only with a fresh permit. */
export async function withPermit<Write extends { call: number; places?: number }>(
  db: Db,
  user: UserRef,
  { take, readMembers, work }: Permitted<Write>,
): Promise<ApplyResult> {
  let askedAtMs = performance.now();
  let permit = await take(db, user.rolloutId, user.seq);
  if (permit.kind === 'members-due' && readMembers) {
    await readMembers();
    askedAtMs = performance.now();
    permit = await take(db, user.rolloutId, user.seq);
  }
  if (permit.kind !== 'granted') return withoutCall(permit);
  const patienceMs = permitLifeMs - (performance.now() - askedAtMs);
  if (await awaitTurn(db, user.orgId, patienceMs)) {
    const { places } = permit.write;
    const result = await work(permit.write, askedAtMs);
    return places === undefined ? result : { ...result, places };
  }
  await endCall(db, {
    rolloutId: user.rolloutId,
    seq: user.seq,
    call: permit.write.call,
    countsAttempt: false,
    isAnswered: true,
    detail: null,
  });
  throw waitFailure(staleRetryMs);
}

/** The activity's answer where no call may be made now; throws where Temporal must ask again. */
function withoutCall(permit: Refusal): ApplyResult {
  switch (permit.kind) {
    case 'held':
      return { result: 'held', putBack: false, halted: permit.hold };
    case 'stopped':
      return { result: 'stopped', putBack: false, halted: null };
    case 'done':
      return { result: permit.outcome, putBack: false, halted: null };
    case 'put-back':
      return { result: 'planned', putBack: true, halted: null };
    case 'not-before':
      throw waitFailure(permit.waitMs);
    case 'members-due':
      throw waitFailure(staleRetryMs, 'The members of the groups that decide are read again');
    case 'aged':
      throw waitFailure(staleRetryMs, 'Templates or settings change: the user is decided again');
    case 'no-room':
      throw waitFailure(noRoomRetryMs, 'Waits until writes under way have succeeded');
    case 'user-busy':
      throw waitFailure(
        busyRetryMs,
        'Waits until another rollout has finished its write of this user',
      );
  }
}
