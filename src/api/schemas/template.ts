import { z } from 'zod';
import { instant, orNull, warning } from './parts';

export const entitlement = z
  .strictObject({
    offer: z.string().min(1).max(64).meta({ example: 'EE' }),
    site: z.string().min(1).max(255).optional().meta({ example: 'acme.webex.com' }),
    accountType: z.enum(['host', 'attendee']).optional(),
  })
  .meta({ id: 'Entitlement', description: 'One thing a template grants' });

export const saveTemplateBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    entitlements: z.array(entitlement).max(500),
    draft: z.boolean().default(false).meta({
      description: 'true: the revision waits for a rollout (R16a); false: it governs now',
    }),
  })
  .meta({ id: 'SaveTemplate' });

export const templateScope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organization') }),
    z.strictObject({ kind: z.literal('group'), groupId: z.string() }),
  ])
  .meta({ id: 'TemplateScope' });

export const revision = z
  .strictObject({
    revision: z.int(),
    entitlements: z.array(entitlement),
    createdAt: instant,
    createdBy: z.string(),
  })
  .meta({ id: 'Revision' });

export const template = z
  .strictObject({
    templateId: z.string(),
    scope: templateScope,
    name: z.string(),
    inForce: orNull(revision).meta({ description: 'The revision that governs future users' }),
    draft: orNull(revision).meta({ description: 'The revision that waits for its rollout' }),
    draftRollout: orNull(z.string()).meta({ description: 'Address of the rollout that tries it' }),
    createdAt: instant,
    updatedAt: instant,
    links: z.strictObject({ self: z.string(), revisions: z.string() }),
  })
  .meta({ id: 'Template' });

export const savedTemplate = z
  .strictObject({ template, warnings: z.array(warning), asOf: orNull(instant) })
  .meta({ id: 'SavedTemplate' });
