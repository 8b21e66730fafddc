import { recordWithoutCalling, recordWithoutUnits } from '../../db/write/without-refused';
import { withoutMissingUnits } from '../../domain/write/without-missing-units';
import type { Change } from '../../domain/model/change';
import type { Outcome } from '../../domain/model/outcome';
import { withoutCalling } from '../../domain/write/without-calling';
import type { WebexError } from '../../webex/port/webex';
import type { IntendedWrite } from '../../db/write/permit';
import type { UserRef } from '../../contract/activities';
import type { WriteDeps } from './units-left';

/** What is left of a refused write: the rest of it, nothing for now, or all of it (null). */
export type WhatIsLeft =
  'write-rest' | Extract<Outcome, 'waiting-for-seat' | 'host-pending' | 'blocked'> | null;

/**
 * Webex may refuse a whole write because of one license. Changes without a unit are left out and wait
 * (R46); where Calling is refused, Calling is left out (R64). Null: neither explains the refusal.
 */
export async function withoutRefused(
  { db, unitsLeft }: Pick<WriteDeps, 'db' | 'unitsLeft'>,
  user: UserRef,
  { call, callingOffers }: Pick<IntendedWrite, 'call' | 'callingOffers'>,
  changes: readonly Change[],
  error: WebexError,
): Promise<WhatIsLeft> {
  const starved = withoutMissingUnits(changes, await unitsLeft(changes), callingOffers);
  if (starved) {
    await recordWithoutUnits(db, user, call, starved);
    if (starved.changes.length > 0) return 'write-rest';
    return starved.pending === 'host' ? 'host-pending' : 'waiting-for-seat';
  }
  if (!changes.some(({ calling }) => calling)) return null;
  const rest = withoutCalling({
    changes,
    callingOffers,
    codes: error.context.codes ?? [],
    detail: error.message,
  });
  if (rest === null) return null;
  await recordWithoutCalling(db, user, call, rest);
  return rest.changes.length > 0 ? 'write-rest' : 'blocked';
}
