import { z } from 'zod';
import { instant, orNull } from '../http/schema-parts';

const count = z.int().min(0);

export const watch = z
  .strictObject({
    baselineAt: orNull(instant).meta({
      description:
        'Begin of the first look, which changed nobody: who was created later is new (R15)',
    }),
    lookedAt: orNull(instant).meta({ description: 'End of the last look that went well' }),
    looks: count.meta({ description: 'Looks that went well' }),
    readBy: orNull(z.enum(['scim', 'people'])).meta({
      description:
        'How the last look read people: by SCIM, what changed since the one before; or all pages of people, where the token may not read SCIM',
    }),
    intervalSeconds: z.number().meta({ description: 'Between two looks: `watch` of the settings' }),
    floodLimit: z.int().meta({
      description: 'More users than this at once become a rollout that waits for `start`',
    }),
    waiting: count.meta({ description: 'Users found who are in no rollout yet' }),
    deferred: count.meta({
      description:
        'Of these, users whom a rollout that runs, or a plan of the watch, has yet to write (R25)',
    }),
    floods: z
      .array(
        z.strictObject({
          rollout: z.string().meta({ description: 'Its address' }),
          users: count.meta({ description: 'Users whom it would reconcile' }),
        }),
      )
      .meta({
        description:
          'Rollouts of more users at once than `floodLimit`: each waits for `start`. Discarded, its users stay as they are',
      }),
    lastError: orNull(z.string()).meta({
      description: 'What is wrong: why the last look failed, or what it had to leave out',
    }),
    links: z.strictObject({ rollouts: z.string(), settings: z.string() }),
  })
  .meta({ id: 'Watch' });
