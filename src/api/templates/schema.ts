import { z } from 'zod';
import { instant, orNull, warning } from '../http/schema-parts';
import { flagParameter } from '../http/query-parameters';
import { reach } from '../rollout/request-schema';

export const entitlement = z
  .strictObject({
    offer: z.string().min(1).max(64).meta({
      example: 'EE',
      description: 'Offer code, as `GET licenses` shows it; names change',
    }),
    site: z.string().min(1).max(255).optional().meta({
      example: 'acme.webex.com',
      description: 'The meeting site, where the offer is licensed per site (R9)',
    }),
    accountType: z.enum(['host', 'attendee']).optional().meta({
      description: 'host, the default on a site, uses a unit; attendee uses none (R34)',
    }),
  })
  .meta({ id: 'Entitlement', description: 'One thing a template grants' });

const says = {
  name: z.string().trim().min(1).max(200).optional().meta({
    description: 'Default: as before, else the name of the organization or group',
  }),
  entitlements: z.array(entitlement).max(500).meta({
    description: 'All that the template grants: what it does not name is off (R13a)',
  }),
};

/** What a template would say, and whom a rollout of it would reach. */
export const previewBody = z.strictObject({ ...says, ...reach }).meta({ id: 'PreviewTemplate' });

export const saveTemplateBody = z
  .strictObject({
    ...says,
    draft: z.boolean().default(false).meta({
      description: 'true: the revision waits for a rollout (R16a); false: it governs now',
    }),
    switchSide: z
      .strictObject({ confirm: z.literal(true).meta({ description: 'Says that this is meant' }) })
      .optional()
      .meta({
        description:
          'In `exclusive` mode: deletes all templates of the other kind in the same step (R2). Nobody loses a license (R3). Not with `draft`.',
      }),
  })
  .refine(({ draft, switchSide }) => !draft || switchSide === undefined, {
    path: ['switchSide'],
    message: 'Sides are switched by a revision that governs at once, not by a draft.',
  })
  .meta({ id: 'SaveTemplate' });

export const deleteTemplateQuery = z.strictObject({
  confirm: flagParameter.optional().meta({
    description: 'Has to be true (R30); without it the answer says what would happen',
  }),
  preserve: flagParameter.optional().meta({
    description:
      'true, the default: everybody keeps what they hold (R24). false: what the template gave goes, as a rollout that waits for `start` (R30)',
  }),
});

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
    endingRollout: orNull(z.string()).meta({
      description: 'Address of the rollout that ends this template once it governs (R30)',
    }),
    createdAt: instant,
    updatedAt: instant,
    links: z.strictObject({ self: z.string(), revisions: z.string() }),
  })
  .meta({ id: 'Template' });

export const savedTemplate = z
  .strictObject({
    template,
    deleted: z.array(z.strictObject({ templateId: z.string(), name: z.string() })).meta({
      description: 'Templates of the other kind that a switch of sides deleted (R2)',
    }),
    warnings: z.array(warning),
    asOf: orNull(instant),
  })
  .meta({ id: 'SavedTemplate' });
