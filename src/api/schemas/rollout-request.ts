import { z } from 'zod';

const idOrUuid = z.string().min(1).max(512);
const count = z.int().min(1).max(10_000_000);
const percent = z.number().gt(0).max(100);
const atLeast = count.optional().meta({ description: 'Raises a small percentage' });
const size = z.union([z.strictObject({ count }), z.strictObject({ percent, atLeast })]);
const seed = z.string().min(1).max(100).optional();
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

export const templateChange = z.strictObject({
  kind: z.literal('template'),
  templateId: idOrUuid,
  revision: z.int().min(1).optional().meta({
    description: 'Default: the pending draft where there is one, else the revision in force',
  }),
  removedServices: z.strictObject({ preserve: z.boolean() }).optional().meta({
    description:
      '`{ "preserve": false }`: what the template gave and does not grant any more goes, from those it gave it to and to whom no other template grants it (R31)',
  }),
});

export const deleteTemplateChange = z
  .strictObject({ kind: z.literal('delete-template'), templateId: idOrUuid })
  .meta({
    description:
      'Ends the template and takes what it gave (R30); `DELETE …?preserve=false` asks for the same with defaults. Needs the role admin.',
  });

export const restoreServicesChange = z
  .strictObject({ kind: z.literal('restore-services'), rolloutId: z.string().min(1).max(64) })
  .meta({
    description: 'Gives again what a started rollout of kind `remove-services` took (R81)',
  });

export const csvChange = z
  .strictObject({
    kind: z.literal('csv'),
    importId: z.string().min(1).max(64),
    mode: z.enum(['add', 'add-and-remove']).meta({
      description: 'add: cells that say FALSE are ignored (R72)',
    }),
  })
  .meta({ description: 'What an uploaded file asks for' });

export const removeServicesChange = z.strictObject({
  kind: z.literal('remove-services'),
  services: z.array(z.enum(['messaging', 'calling'])).min(1),
  from: z.union([
    z.strictObject({ organization: z.literal(true) }),
    z.strictObject({ groups: z.array(idOrUuid).min(1).max(1_000) }),
    z.strictObject({
      users: z.array(idOrUuid).min(1).max(20_000).meta({ description: 'Ids or e-mail addresses' }),
    }),
  ]),
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
        users: z.array(idOrUuid).max(20_000).optional(),
        groups: z.array(idOrUuid).max(1_000).optional(),
        sample: z.union([sample, z.null()]).optional(),
      }),
      z.null(),
    ])
    .optional()
    .meta({ description: 'null waives the pilot (R79)' }),
  seed: seed.meta({ description: 'Of the order of service; `pilot.sample.seed` says the same' }),
  waves: z.array(wave).min(1).max(100).optional(),
};

/** As callers send it: only the change is required. */
export const rolloutRequestBody = z
  .strictObject({
    change: z.discriminatedUnion('kind', [
      templateChange,
      deleteTemplateChange,
      removeServicesChange,
      restoreServicesChange,
      csvChange,
    ]),
    ...reach,
    gates: z.enum(['manual', 'automatic']).optional(),
    guards: z
      .strictObject({
        maxRemovals: z.union([z.int().min(0), z.null()]).optional(),
        maxRemovalPercent: z.union([z.number().min(0).max(100), z.null()]).optional(),
        failurePercent: z.number().gt(0).max(100).optional(),
        failureMinSample: z.int().min(1).optional(),
      })
      .optional(),
    acknowledgeIrreversible: z.boolean().optional(),
    reason: z.string().max(1_000).optional(),
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
