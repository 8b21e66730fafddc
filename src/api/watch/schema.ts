import { z } from 'zod';
import { instant, orNull } from '../http/schema-parts';

const count = z.int().min(0);

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
    floods: z
      .array(
        z.strictObject({
          rollout: z.string().meta({ description: 'Address of the rollout' }),
          users: count.meta({ description: 'Users of the rollout' }),
          reason: z.string().meta({ description: 'Why it did not start automatically' }),
        }),
      )
      .meta({
        description:
          'Rollouts of the watch that a person has to start, for example because they have more users than `floodLimit`. If one is discarded, its users are not changed',
      }),
    lastError: orNull(z.string()).meta({
      description: 'Why the last check failed, or what it had to leave out',
    }),
    links: z.strictObject({ rollouts: z.string(), settings: z.string() }),
  })
  .meta({ id: 'Watch' });
