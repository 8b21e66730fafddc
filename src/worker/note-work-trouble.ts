import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { isUnexpected, troubleText } from '../activities/write/unexpected-errors';
import type { Activities } from '../contract/activities';
import type { Db } from '../db/connect';
import { endWorkTrouble, recordWorkTrouble } from '../db/rollout/record-flags';

/** These note their errors on the row of the user, and end after a number of attempts. */
const bounded = new Set<string>(['applyUser', 'putBackUser'] satisfies (keyof Activities)[]);

/**
 * Temporal repeats an activity for ever, and its workflow doesn't know: an error that no outage explains
 * would keep a rollout waiting without a word. It is noted on the rollout until the activity succeeds.
 */
export function noteWorkTrouble(db: Db): ActivityInterceptorsFactory {
  return ({ info: { activityType: activity, attempt } }) => ({
    inbound: {
      async execute(input, next) {
        const [payload] = input.args as [{ rolloutId?: unknown } | undefined];
        const rolloutId = payload?.rolloutId;
        if (typeof rolloutId !== 'string' || bounded.has(activity)) return await next(input);
        try {
          const result = await next(input);
          if (attempt > 1) await endWorkTrouble(db, rolloutId, activity);
          return result;
        } catch (error) {
          if (isUnexpected(error)) {
            const trouble = { activity, error: troubleText(error) };
            await recordWorkTrouble(db, rolloutId, trouble).catch(() => undefined);
          }
          throw error;
        }
      },
    },
  });
}
