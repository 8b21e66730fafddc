import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Activities } from '../contract/activities';
import type { FailureType } from '../contract/failure';
import { databaseError } from '../database-error';
import { ErrorForPeople } from '../error-for-people';
import { WebexError } from '../webex/port/webex';
import type { OwnOrganization } from './own-organization';
import { cutAddresses, plainValue } from './cut-addresses';

/** How soon the server offers an activity again that this worker must not run. */
const offerAgainMs = 1_000;
/** How soon to ask again which organization the token opens. */
const checkAgainMs = 5_000;

/** Activities that only read and write rows. Any other is taken for one that calls Webex. */
const silent = new Set<string>([
  'planRollout',
  'movePhase',
  'beginRollout',
  'judgeGate',
  'setHold',
  'noteProgress',
  'drainWrites',
  'setPace',
  'withholdRest',
  'readShardPage',
  'giveUp',
  'reopenFailed',
] satisfies (keyof Activities)[]);

/**
 * Stands before every activity: what is about another organization than the one that this worker's token
 * opens is left to a worker of that organization, and nothing of it is read or written. Stands behind it
 * too: no data of the database, and with `userLabels: 'id'` no address, gets into a history.
 */
export function guardActivities(
  organization: OwnOrganization,
  userLabels: 'email' | 'id',
): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const [payload] = input.args as [{ orgId?: unknown } | undefined];
        if (!organization.owns(payload?.orgId)) throw leftToOthers();
        if (!silent.has(info.activityType)) {
          await organization.confirm().catch((error: unknown) => {
            throw error instanceof ErrorForPeople ? leftToOthers() : unchecked(error);
          });
        }
        try {
          const result = await next(input);
          return userLabels === 'id' ? plainValue(result) : result;
        } catch (error) {
          const plain = databaseError(error) ?? error;
          throw userLabels === 'id' ? cutAddresses(plain) : plain;
        }
      },
    },
  });
}

/** Why nobody knows which organization the token opens, or that it opens another one. */
export function uncheckedReason(error: unknown): string {
  if (error instanceof ErrorForPeople) return error.message;
  return error instanceof WebexError ? error.message : 'it could not be asked';
}

/** Nothing of the task was tried, whatever Webex answers: it is offered again. */
function unchecked(error: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WebexUnavailable' satisfies FailureType,
    message: `Waiting for Webex to say which organization the token opens: ${uncheckedReason(error)}`,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: checkAgainMs,
  });
}

function leftToOthers(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'OtherOrganization' satisfies FailureType,
    message: "This worker's Webex token opens another organization. It leaves the task to others",
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: offerAgainMs,
  });
}
