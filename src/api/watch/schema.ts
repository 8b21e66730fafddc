import { z } from 'zod';
import { instant, orNull } from '../http/schema-parts';

const count = z.int().min(0);

const waitingPlan = z
  .strictObject({
    rollout: z.string().meta({ description: 'Address of the rollout' }),
    users: count.meta({ description: 'Users who wait for it' }),
    reason: z.string().meta({ description: 'Why a person has to decide' }),
  })
  .meta({ id: 'WaitingPlan' });

const givenUpUser = z
  .strictObject({
    user: z.string().meta({ description: 'Address of the user' }),
    email: z.string(),
    displayName: z.string(),
    foundAt: instant,
    attempts: count.meta({ description: 'Writes that failed' }),
    failure: orNull(z.string()).meta({ description: 'Why the last one failed' }),
  })
  .meta({ id: 'GivenUpUser' });

export const watch = z
  .strictObject({
    baselineAt: orNull(instant).meta({
      description:
        'Start of the first check, which changed no user. Users first seen later are new',
    }),
    lookedAt: orNull(instant).meta({ description: 'End of the last successful check' }),
    looks: count.meta({ description: 'Number of successful checks' }),
    readBy: orNull(z.enum(['scim', 'people'])).meta({
      description:
        "How the last check read people. `scim`: only changes since the check before. `people`: all people, because the token can't read SCIM",
    }),
    intervalSeconds: z
      .number()
      .meta({ description: 'Seconds between two checks, from the settings' }),
    floodLimit: z.int().meta({
      description:
        'If a check finds more users than this, their rollout waits for `start`. Users who would lose something are counted over 24 hours',
    }),
    waiting: count.meta({ description: 'Users found who are not in a rollout yet' }),
    deferred: count.meta({
      description:
        'Of these, users who wait for a running rollout or a plan of the watch to write them first',
    }),
    retrying: count.meta({
      description:
        'Of these, users whose last write failed. They are tried again at the next check, then after 15 minutes, 1 hour, and every 4 hours for a day',
    }),
    floods: z.array(waitingPlan).meta({
      description:
        'Rollouts of the watch that a person has to start, for example because they have more users than `floodLimit`. If one is discarded, its users are not changed',
    }),
    halted: z.array(waitingPlan).meta({
      description: 'Rollouts of the watch that are halted: a person has to resume or abort them',
    }),
    givenUp: z
      .strictObject({
        users: count,
        first: z.array(givenUpUser).meta({ description: 'The first 100 of them' }),
      })
      .meta({
        description:
          'Users whose writes failed for a day: a person has to act. `POST watch/retry` tries again',
      }),
    lastError: orNull(z.string()).meta({
      description: 'Why the last check failed, or what it had to leave out',
    }),
    links: z.strictObject({ rollouts: z.string(), settings: z.string() }),
  })
  .meta({ id: 'Watch' });
