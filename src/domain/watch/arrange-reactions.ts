import { counted } from '../model/text/wording';
import { judgeArrivals } from './judge-arrivals';
import { isOlderArrival, type Reaction } from './reaction';

/** So many users may fail in 24 hours, or this share of those written, whichever is more (R106). */
const failureMin = 3;
const failurePercent = 5;

const atOnce = 'more users at once than the flood limit';

/** What automatic rollouts did in the organization's last 24 hours, in distinct users (R106). */
export interface LastDay {
  /** Users from whom something was taken. */
  losing: ReadonlySet<string>;
  written: number;
  failed: number;
}

/** Reactions that one rollout handles. */
export interface Batch<R> {
  reactions: R[];
  /** Why a person has to start the rollout; null: it starts automatically. */
  hold: string | null;
}

type Found = Pick<Reaction, 'mode' | 'causes'> & { personId: string };

/**
 * Divides what a check found among rollouts (R14, R88, R106):
 *
 * | reactions                       | wait for a person if                                            |
 * |---------------------------------|-----------------------------------------------------------------|
 * | of older users who appeared     | more than 5 in this check                                       |
 * | that may take something         | more than the flood limit, with those of the last 24 hours      |
 * | that only give                  | more than the flood limit in this check                         |
 * | all                             | too many of the users written in the last 24 hours failed       |
 */
export function arrangeReactions<R extends Found>(
  reactions: readonly R[],
  { floodLimit, lastDay }: { floodLimit: number; lastDay: LastDay },
): Batch<R>[] {
  const parts = {
    arriving: reactions.filter((one) => one.mode !== 'exact' && isOlderArrival(one)),
    losing: reactions.filter(({ mode }) => mode === 'exact'),
    gaining: reactions.filter((one) => one.mode !== 'exact' && !isOlderArrival(one)),
  };
  const failures = failureHold(lastDay);
  const holds = {
    arriving: failures ?? arrivalHold(parts.arriving.length, floodLimit),
    losing: failures ?? lossHold(parts.losing, lastDay, floodLimit),
    gaining: failures ?? floodHold(parts.gaining.length, floodLimit),
  };
  const batches = new Map<string | null, R[]>();
  for (const part of ['gaining', 'arriving', 'losing'] as const) {
    const batch = batches.get(holds[part]) ?? [];
    batches.set(holds[part], [...batch, ...parts[part]]);
  }
  return [...batches]
    .map(([hold, batch]) => ({ hold, reactions: batch }))
    .filter((batch) => batch.reactions.length > 0);
}

/** R106: why nothing is written automatically now; null if it is. */
export function failureHold({ written, failed }: LastDay): string | null {
  const limit = Math.max(failureMin, (written * failurePercent) / 100);
  if (failed <= limit) return null;
  return `${failed} of ${counted(written, 'user')} written automatically in the last 24 hours failed`;
}

function arrivalHold(users: number, floodLimit: number): string | null {
  const doubt = judgeArrivals({ users, createdBeforeBaseline: users }, floodLimit);
  if (doubt !== 'old-arrivals') return doubt && atOnce;
  return `${counted(users, 'user')} appeared at once who were created before the watch began, or had counted as gone`;
}

function floodHold(users: number, floodLimit: number): string | null {
  return judgeArrivals({ users, createdBeforeBaseline: 0 }, floodLimit) && atOnce;
}

function lossHold(
  losing: readonly Pick<Found, 'personId'>[],
  { losing: before }: LastDay,
  floodLimit: number,
): string | null {
  const users = new Set([...before, ...losing.map(({ personId }) => personId)]).size;
  if (losing.length === 0 || users <= floodLimit) return null;
  return before.size === 0
    ? atOnce
    : `with these, ${counted(users, 'user')} would lose licenses automatically within 24 hours, more than the flood limit of ${floodLimit}`;
}
