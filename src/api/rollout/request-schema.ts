import { z } from 'zod';

const idOrUuid = z.string().min(1).max(512);
const count = z.int().min(1).max(10_000_000).meta({ description: 'Users' });
const percent = z
  .number()
  .gt(0)
  .max(100)
  .meta({ description: 'Of the users whom the plan changes; rounded up' });
const atLeast = count.optional().meta({ description: 'Raises a small percentage' });
const size = z
  .union([z.strictObject({ count }), z.strictObject({ percent, atLeast })])
  .meta({ description: 'How many users a wave takes' });
const seed = z.string().min(1).max(100).optional().meta({ description: 'Of the order of service' });
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

const templateId = idOrUuid.meta({ description: 'As `GET templates` shows it' });
const preserve = z.boolean().meta({ description: 'true, the default: who has it keeps it' });
const pilotUsers = z.array(idOrUuid).max(20_000).meta({ description: 'Ids or e-mail addresses' });
const groups = z.array(idOrUuid).max(1_000).meta({
  description: 'Ids, or names that only one group has (R13)',
});
const from = z
  .union([
    z.strictObject({ organization: z.literal(true).meta({ description: 'Everybody' }) }),
    z.strictObject({ groups: groups.min(1) }),
    z.strictObject({
      users: z.array(idOrUuid).min(1).max(20_000).meta({ description: 'Ids or e-mail addresses' }),
    }),
  ])
  .meta({ description: 'One of the three' });

export const templateChange = z.strictObject({
  kind: z.literal('template'),
  templateId,
  revision: z.int().min(1).optional().meta({
    description: 'Default: the pending draft where there is one, else the revision in force',
  }),
  removedServices: z.strictObject({ preserve }).optional().meta({
    description:
      '`{ "preserve": false }`: what the template gave and does not grant any more goes, from those it gave it to and to whom no other template grants it (R31)',
  }),
});

export const deleteTemplateChange = z
  .strictObject({ kind: z.literal('delete-template'), templateId })
  .meta({
    description:
      'Ends the template and takes what it gave (R30); `DELETE …?preserve=false` asks for the same with defaults. Needs the role admin.',
  });

export const restoreServicesChange = z
  .strictObject({
    kind: z.literal('restore-services'),
    rolloutId: z.string().min(1).max(64).meta({ description: 'The rollout that took it' }),
  })
  .meta({
    description: 'Gives again what a started rollout of kind `remove-services` took (R81)',
  });

export const csvChange = z
  .strictObject({
    kind: z.literal('csv'),
    importId: z.string().min(1).max(64).meta({ description: 'Of `POST csv-imports`' }),
    mode: z.enum(['add', 'add-and-remove']).meta({
      description: 'add: cells that say FALSE are ignored (R72)',
    }),
  })
  .meta({ description: 'What an uploaded file asks for' });

export const removeServicesChange = z.strictObject({
  kind: z.literal('remove-services'),
  services: z
    .array(z.enum(['messaging', 'calling']))
    .min(1)
    .meta({
      description:
        'messaging: Basic and Advanced Messaging, Basic and Advanced Space Meetings (R58). calling: Call on Webex, and nothing else (R59)',
    }),
  from,
});

/** Whom a plan reaches, and in which order. */
export const reach = {
  existingUsers: z.boolean().optional().meta({
    description:
      'Whether users who are there already are changed (R16). Default: false for templates; every other change is about nobody else',
  }),
  preserveLicenses: z.boolean().optional().meta({
    description: 'Whether users keep what no template grants them (R18, R19). Default: true',
  }),
  pilot: z
    .union([
      z.strictObject({
        users: pilotUsers.optional(),
        groups: groups.optional(),
        sample: z.union([sample, z.null()]).optional().meta({
          description:
            'Taken from the rest. Default: the greater of 5 users and 1 %; none where users or groups are named',
        }),
      }),
      z.null(),
    ])
    .optional()
    .meta({ description: 'null waives the pilot (R79)' }),
  seed: seed.meta({ description: 'Of the order of service; `pilot.sample.seed` says the same' }),
  waves: z.array(wave).min(1).max(100).optional().meta({
    description: 'After the pilot; the last one takes whoever is left. Default: everybody at once',
  }),
};

const guards = {
  maxRemovals: z
    .union([z.int().min(0), z.null()])
    .optional()
    .meta({ description: 'A plan that removes more licenses can not be started; null: no limit' }),
  maxRemovalPercent: z
    .union([z.number().min(0).max(100), z.null()])
    .optional()
    .meta({ description: 'The same as a share of the users in scope who lose something' }),
  failurePercent: z.number().gt(0).max(100).optional().meta({
    description:
      'The rollout halts where at least this share of the users written failed. Default: 5',
  }),
  failureMinSample: z.int().min(1).optional().meta({
    description: '… and at least so many were written. Default: 20',
  }),
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
      .meta({ description: 'What the rollout is about' }),
    ...reach,
    gates: z.enum(['manual', 'automatic']).optional().meta({
      description:
        'manual, the default: `promote` is needed after the pilot and after every wave but the last. automatic: it goes on by itself where nothing speaks against it',
    }),
    guards: z
      .strictObject(guards)
      .optional()
      .meta({ description: 'Limits that stop it before harm' }),
    acknowledgeIrreversible: z.boolean().optional().meta({
      description: 'true: a plan that removes Webex Calling for good may be started (R68)',
    }),
    reason: z.string().max(1_000).optional().meta({ description: 'Kept in the audit' }),
  })
  .refine(({ change, existingUsers }) => change.kind === 'template' || existingUsers !== false, {
    path: ['existingUsers'],
    message: 'Only a template can be rolled out without existing users: leave it out.',
  })
  .meta({ id: 'RolloutRequest' });
export type RolloutRequestBody = z.output<typeof rolloutRequestBody>;

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
