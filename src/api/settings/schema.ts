import { z } from 'zod';
import { isLabeled } from '../../domain/licenses/offers';
import { instant, orNull } from '../http/schema-parts';

const site = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a site is a host name such as acme.webex.com')
  .max(255);
const email = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address such as ada@acme.example')
  .max(320);
const offerCode = z
  .string()
  .regex(/^[A-Z0-9]{1,32}$/, 'an offer code is capital letters and digits')
  .refine((code) => !isLabeled(code), 'this code is public: it stands for another offer');
const aDaySeconds = 24 * 60 * 60;

const callingStandard =
  'Webex Calling Standard: not with Professional or either of the others (R60)';
const attendantConsole = 'Attendant Console: only with Calling Professional (R60)';
const customerAssist = 'Customer Assist: not with Calling Standard (R60)';

const watchFields = {
  intervalSeconds: z.int().min(1).max(aDaySeconds).meta({
    description: 'Seconds from one look at the directory to the next',
  }),
  floodLimit: z.int().min(1).max(10_000_000).meta({
    description:
      'More users than this found at once become a rollout that waits for `start`, instead of one that starts itself',
  }),
};
const watch = z.strictObject(watchFields).meta({
  description:
    'How the directory is watched. Future users are always covered: there is no switch to turn that off (R14)',
});

const fields = {
  compositionMode: z.enum(['exclusive', 'union', 'group-overrides-organization']).meta({
    description: 'How organization and group templates combine (R2, R4, R6)',
  }),
  subscriptions: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200).meta({ description: 'As `GET licenses` shows it' }),
        startsOn: z.iso.date().meta({ description: 'First day of the subscription' }),
      }),
    )
    .max(1_000)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
      message: 'every subscription is listed once',
    })
    .meta({ description: 'The oldest is used up first (R44); unlisted ones come last' }),
  attendeeSites: z.array(site).max(1_000).meta({
    description:
      'Sites where the attendee account feature is on; elsewhere no template may ask for attendee, and no plan grants it (R38)',
  }),
  callingOffers: z
    .strictObject({
      standard: offerCode.optional().meta({ description: callingStandard }),
      attendantConsole: offerCode.optional().meta({ description: attendantConsole }),
      customerAssist: offerCode.optional().meta({ description: customerAssist }),
    })
    .refine((codes) => new Set(Object.values(codes)).size === Object.keys(codes).length, {
      message: 'every offer has a code of its own',
    })
    .meta({
      description:
        'Offer codes that Cisco does not publish: `GET licenses` shows those of the organization. What has no code here is granted and taken like an offer without dependencies',
    }),
  verification: z
    .strictObject({
      intervalsSeconds: z.array(z.number().gt(0).max(aDaySeconds)).min(1).max(100).meta({
        description: 'Seconds before each look; the last one repeats',
      }),
      deadlineSeconds: z
        .number()
        .gt(0)
        .max(7 * aDaySeconds)
        .meta({
          description:
            'Seconds after the last write at which what has not arrived is `unconverged`',
        }),
    })
    .meta({ description: 'When verification looks again, and when it gives up (R80)' }),
  preserveOnGroupTransition: z.boolean().meta({
    description:
      'true: what a user held before a join, a move, a leave or the deletion of a group stays (R26, R28). false: their licenses become exactly what templates grant, and manually assigned ones are lost too (R29); switching it off has to be confirmed (R29a). It is apart from `preserveLicenses` of a rollout',
  }),
  includeParentGroups: z.boolean().meta({
    description:
      'false: a template covers the direct members of its group only. true: also members of groups inside it (R10)',
  }),
  maxMemberDropPercent: z.number().min(0).max(100).meta({
    description:
      'A member list that shrank by more than this since the last look stops planning, with the figures; 100 lets every drop pass',
  }),
  siteAdministrators: z
    .array(
      z.strictObject({
        site: site.meta({ description: 'The meeting site' }),
        users: z.array(email).max(10_000).meta({ description: 'E-mail addresses' }),
      }),
    )
    .max(1_000)
    .refine((list) => new Set(list.map((one) => one.site)).size === list.length, {
      message: 'every site is listed once',
    })
    .meta({
      description:
        'E-mail addresses of who administers which meeting site: they cannot be attendee there (R39), and no API of Webex shows it',
    }),
};

export const settingsBody = z
  .strictObject({
    ...fields,
    callingOffers: z
      .strictObject({
        standard: offerCode.nullable().optional().meta({ description: callingStandard }),
        attendantConsole: offerCode.nullable().optional().meta({ description: attendantConsole }),
        customerAssist: offerCode.nullable().optional().meta({ description: customerAssist }),
      })
      .meta({
        description:
          'Codes that are left out stay, and null takes one away; each offer has one of its own',
      }),
    watch: z.strictObject(watchFields).partial().meta({ description: watch.meta()?.description }),
  })
  .partial()
  .extend({
    confirm: z
      .array(z.enum(['preserveOnGroupTransition']))
      .max(1)
      .optional()
      .meta({
        description:
          'Names the settings whose change has to be confirmed: `["preserveOnGroupTransition"]` for switching that off (R29a). Without it the whole request is refused and nothing is saved',
      }),
  })
  .meta({ id: 'SettingsChange' });
export const settingsAnswer = z
  .strictObject({
    ...fields,
    watch,
    version: z.int().meta({ description: '0: nothing was ever saved' }),
    updatedAt: orNull(instant),
  })
  .meta({ id: 'SettingsAnswer' });
