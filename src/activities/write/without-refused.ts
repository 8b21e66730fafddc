import { recordWithoutCalling, recordWithoutUnits } from '../../db/write/without-refused';
import { readSettings } from '../../db/admin/settings';
import { withoutMissingUnits } from '../../domain/write/without-missing-units';
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
  { db, orgId, unitsLeft }: Pick<WriteDeps, 'db' | 'orgId' | 'unitsLeft'>,
  user: UserRef,
  { changes }: Pick<IntendedWrite, 'changes'>,
  error: WebexError,
): Promise<WhatIsLeft> {
  const starved = withoutMissingUnits(changes, await unitsLeft(changes));
  if (starved) {
    await recordWithoutUnits(db, user, starved);
    if (starved.changes.length > 0) return 'write-rest';
    return starved.pending === 'host' ? 'host-pending' : 'waiting-for-seat';
  }
  if (!changes.some(({ calling }) => calling)) return null;
  const { callingOffers } = (await readSettings(db, orgId)).settings;
  const rest = withoutCalling({
    changes,
    callingOffers,
    codes: error.context.codes ?? [],
    detail: error.message,
  });
  if (rest === null) return null;
  await recordWithoutCalling(db, user, rest);
  return rest.changes.length > 0 ? 'write-rest' : 'blocked';
}
