import { z } from 'zod';
import { wholeNumberFrom } from '../http/parameters/schema-parts';

const idOrUuid = z.string().min(1).max(512);
const count = z.int().min(1).max(10_000_000).meta({ description: 'Users' });
const percent = z
  .number()
  .gt(0)
  .max(100)
  .meta({ description: 'Percentage of the users whom the plan changes, rounded up' });
const atLeast = count
  .optional()
  .meta({ description: 'At least this many users, if the percentage comes to fewer' });
const size = z
  .union([z.strictObject({ count }), z.strictObject({ percent, atLeast })])
  .meta({ description: 'How many users a wave has' });
const seed = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .meta({ description: 'Seed of the order in which users are written' });
const sample = z.union([
  z.strictObject({ count, seed }),
  z.strictObject({ percent, atLeast, seed }),
]);
const soak = z
  .int()
  .min(0)
  .max(30 * 86_400)
  .optional()
  .meta({ description: 'Seconds between the last write of a wave and its gate' });
/** As people write it, or as a stored request shows it. */
const wave = z.union([
  z.strictObject({ count, soak }),
  z.strictObject({ percent, soak }),
  z.strictObject({ size, soakSeconds: soak }),
]);

const templateId = idOrUuid.meta({ description: 'As shown by `GET templates`' });
const preserve = z.boolean().meta({ description: 'true, the default: users who have it keep it' });
const pilotUsers = z.array(idOrUuid).max(20_000).meta({ description: 'Ids or e-mail addresses' });
const groups = z.array(idOrUuid).max(1_000).meta({
  description: 'Ids, or unique display names',
});
const from = z
  .union([
    z.strictObject({ organization: z.literal(true).meta({ description: 'All users' }) }),
    z.strictObject({ groups: groups.min(1) }),
    z.strictObject({
      users: z.array(idOrUuid).min(1).max(20_000).meta({ description: 'Ids or e-mail addresses' }),
    }),
  ])
  .meta({ description: 'One of the three' });

export const templateChange = z.strictObject({
  kind: z.literal('template'),
  templateId,
  revision: wholeNumberFrom(1).optional().meta({
    description: 'Default: the draft if there is one, otherwise the revision in force',
  }),
  removedServices: z.strictObject({ preserve }).optional().meta({
    description:
      '`{ "preserve": false }`: removes what the template granted and no longer grants, from the users it granted it to, unless another template grants it',
  }),
});

export const deleteTemplateChange = z
  .strictObject({ kind: z.literal('delete-template'), templateId })
  .meta({
    description:
      'Ends the template and removes what it granted. `DELETE …?preserve=false` does the same with defaults. Requires the role admin.',
  });

export const restoreServicesChange = z
  .strictObject({
    kind: z.literal('restore-services'),
    rolloutId: z.string().min(1).max(64).meta({ description: 'The rollout that removed it' }),
  })
  .meta({
    description: 'Restores what a started rollout of kind `remove-services` removed',
  });

export const csvChange = z
  .strictObject({
    kind: z.literal('csv'),
    importId: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'Id of the import, from `POST csv-imports`' }),
    mode: z.enum(['add', 'add-and-remove']).meta({
      description: '`add`: cells with FALSE are ignored. `add-and-remove`: they remove the license',
    }),
  })
  .meta({ description: 'Applies an uploaded CSV file' });

export const removeServicesChange = z.strictObject({
  kind: z.literal('remove-services'),
  services: z
    .array(z.enum(['messaging', 'calling']))
    .min(1)
    .max(10)
    .meta({
      description:
        '`messaging`: Basic and Advanced Messaging, Basic and Advanced Space Meetings. `calling`: only Call on Webex',
    }),
  from,
});

/** The users that a plan reaches, and their order. */
export const reach = {
  existingUsers: z.boolean().optional().meta({
    description:
      'Whether existing users are changed. Default: false for templates. Every other kind of change always covers existing users',
  }),
  preserveLicenses: z.boolean().optional().meta({
    description: 'Whether users keep licenses that no template grants them. Default: true',
  }),
  pilot: z
    .union([
      z.strictObject({
        users: pilotUsers.optional(),
        groups: groups.optional(),
        sample: z.union([sample, z.null()]).optional().meta({
          description:
            'Taken from the remaining users. Default: the greater of 5 users and 1 %; none if users or groups are named',
        }),
      }),
      z.null(),
    ])
    .optional()
    .meta({ description: 'Users who are written first. null: no pilot' }),
  except: z
    .strictObject({
      users: pilotUsers.optional(),
      groups: groups.optional(),
      offers: z.array(z.string().min(1).max(512)).max(1_000).optional().meta({
        description:
          'Codes (`EE`), names, license ids, or codes with a site: `EE@acme.webex.com`, `attendee@acme.webex.com`',
      }),
    })
    .optional()
    .meta({
      description:
        'What the plan leaves out: users, members of groups, offers. Users whom it leaves out, or for whom nothing else would change, have the outcome `excluded`',
    }),
  seed: seed.meta({
    description: 'Seed of the order in which users are written; `pilot.sample.seed` means the same',
  }),
  waves: z.array(wave).min(1).max(100).optional().meta({
    description:
      'Waves after the pilot; the last one includes all remaining users. Default: one wave',
  }),
};

const guards = {
  maxRemovals: z
    .union([wholeNumberFrom(0), z.null()])
    .optional()
    .meta({ description: "A plan that removes more licenses can't be started; null: no limit" }),
  maxRemovalPercent: z
    .union([z.number().min(0).max(100), z.null()])
    .optional()
    .meta({
      description: 'The same limit as a percentage of the users in scope who lose something',
    }),
  failurePercent: z.number().gt(0).max(100).optional().meta({
    description:
      'The rollout halts if more than this percentage of the written users failed, and more than `failureMin`. Default: 5',
  }),
  failureMin: z.int().min(0).max(10_000_000).optional().meta({
    description:
      'So many failed users never halt the rollout. No more writes are under way together than may fail, so a rollout speeds up as its writes succeed. Default: 3',
  }),
  failureMinSample: z.int().min(1).max(10_000_000).optional().meta({
    deprecated: true,
    description:
      'As in 0.1.0: `failureMin` becomes `failurePercent` of this many users, and at least 3. Use `failureMin`',
  }),
};

const steering = {
  gates: z.enum(['manual', 'automatic']).optional().meta({
    description:
      '`manual`, the default: `promote` is needed after the pilot and after every wave except the last. `automatic`: the rollout continues automatically unless something went wrong',
  }),
  guards: z.strictObject(guards).optional().meta({ description: 'Limits that stop the rollout' }),
  acknowledgeIrreversible: z.boolean().optional().meta({
    description: 'true: a plan that removes Webex Calling permanently can be started',
  }),
  reason: z.string().max(1_000).optional().meta({ description: 'Recorded in the audit log' }),
};

/** As callers send it: only the change is required. */
export const rolloutRequestBody = z
  .strictObject({
    change: z
      .discriminatedUnion('kind', [
        templateChange,
        deleteTemplateChange,
        removeServicesChange,
        restoreServicesChange,
        csvChange,
      ])
      .meta({ description: 'What to change' }),
    ...reach,
    ...steering,
  })
  .refine(({ change, existingUsers }) => change.kind === 'template' || existingUsers !== false, {
    path: ['existingUsers'],
    message: 'Only a rollout of a template can leave existing users unchanged: omit this field.',
  })
  .meta({ id: 'RolloutRequest' });
export type RolloutRequestBody = z.output<typeof rolloutRequestBody>;

/** What `replan` may change (R102): what it leaves out stays as the rollout has it. */
export const replanBody = z
  .strictObject({
    pilot: reach.pilot,
    except: reach.except,
    seed: reach.seed,
    waves: reach.waves,
    ...steering,
    expectedPhaseVersion: z.int().min(1).max(2_147_483_647).optional().meta({
      description:
        '`phaseVersion` as you last read it: the action is refused if the rollout has moved on',
    }),
  })
  .meta({ id: 'ReplanRequest' });
export type ReplanBody = z.output<typeof replanBody>;

/** What is stored: every default filled in, ids in Webex's own form. */
export const storedRequest = z
  .looseObject({
    change: z.looseObject({ kind: z.string() }),
    existingUsers: z.boolean(),
    preserveLicenses: z.boolean(),
    gates: z.enum(['manual', 'automatic']),
    acknowledgeIrreversible: z.boolean(),
    reason: z.string(),
  })
  .meta({ id: 'StoredRolloutRequest' });
