import { z } from 'zod';
import { instant, orNull, warning } from '../http/parameters/schema-parts';
import { flagParameter } from '../http/parameters/query-parameters';
import { reach } from '../rollout/request-schema';

export const entitlement = z
  .strictObject({
    offer: z.string().min(1).max(64).meta({
      example: 'EE',
      description: 'Offer code, as shown by `GET licenses`; names can change',
    }),
    site: z.string().min(1).max(255).optional().meta({
      example: 'acme.webex.com',
      description: 'The meeting site, if the offer is licensed per site',
    }),
    accountType: z.enum(['host', 'attendee']).optional().meta({
      description: '`host`, the default on a site, uses a unit; `attendee` uses none',
    }),
  })
  .meta({ id: 'Entitlement', description: 'One thing a template grants' });

const says = {
  name: z.string().trim().min(1).max(200).optional().meta({
    description:
      'Default: the current name, or the name of the organization or group for a new template',
  }),
  entitlements: z.array(entitlement).max(500).meta({
    description: 'Everything that the template grants: an offer it does not name is off',
  }),
};

/** A template to preview, and the users that its rollout would reach. */
export const previewBody = z.strictObject({ ...says, ...reach }).meta({ id: 'PreviewTemplate' });

export const saveTemplateBody = z
  .strictObject({
    ...says,
    draft: z.boolean().default(false).meta({
      description: 'true: the revision waits for a rollout; false: it governs immediately',
    }),
    switchSide: z
      .strictObject({ confirm: z.literal(true).meta({ description: 'Confirms the switch' }) })
      .optional()
      .meta({
        description:
          "In `exclusive` mode: deletes all templates of the other kind in the same step. No user loses a license. Can't be combined with `draft`.",
      }),
  })
  .refine(({ draft, switchSide }) => !draft || switchSide === undefined, {
    path: ['switchSide'],
    message: "A draft can't switch sides: only a revision that governs immediately can.",
  })
  .meta({ id: 'SaveTemplate' });

export const deleteTemplateQuery = z.strictObject({
  confirm: flagParameter.optional().meta({
    description: 'Has to be true; otherwise the answer describes what would happen',
  }),
  preserve: flagParameter.optional().meta({
    description:
      'true, the default: users keep what they hold. false: a rollout that waits for `start` removes what the template granted',
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
    etag: z.string().meta({ description: 'Version of the template, for `If-Match`' }),
    inForce: orNull(revision).meta({ description: 'The revision that governs future users' }),
    draft: orNull(revision).meta({ description: 'The draft, which waits for its rollout' }),
    draftRollout: orNull(z.string()).meta({
      description: 'Address of the rollout that tries the draft',
    }),
    endingRollout: orNull(z.string()).meta({
      description: 'Address of the rollout that ends this template',
    }),
    successor: orNull(z.string()).meta({
      description:
        'The group has vanished, and the group with this id seems to have taken its place. The template ends only if somebody deletes it, and nobody loses anything; `POST …/move` moves it',
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
      description: 'Templates of the other kind that `switchSide` deleted',
    }),
    warnings: z.array(warning),
    governsFrom: orNull(instant).meta({
      description:
        "The first template of a group covers users who join after this read of the group's members. null: not a group's first template, a draft, or the members are read by the next check, as a warning says",
    }),
    asOf: orNull(instant),
  })
  .meta({ id: 'SavedTemplate' });
