import { z } from 'zod';
import { isLabeled } from '../../domain/licenses/offers';
import { instant, orNull, warning } from '../http/parameters/schema-parts';

const site = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a site is a host name, for example acme.webex.com')
  .max(255);
const email = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address, for example ada@acme.example')
  .max(320);
const offerCode = z
  .string()
  .regex(/^[A-Z0-9]{1,32}$/, 'an offer code consists of capital letters and digits')
  .refine((code) => !isLabeled(code), 'this code is public and belongs to another offer');
const aDaySeconds = 24 * 60 * 60;

const callingStandard =
  "Webex Calling Standard: can't be combined with Calling Professional, Attendant Console or Customer Assist";
const attendantConsole = 'Attendant Console: requires Calling Professional';
const customerAssist = "Customer Assist: can't be combined with Calling Standard";

const watchFields = {
  intervalSeconds: z.int().min(1).max(aDaySeconds).meta({
    description: 'Seconds between two checks of the directory',
  }),
  floodLimit: z.int().min(1).max(10_000_000).meta({
    description:
      'If a check finds more users than this, their rollout waits for `start` instead of starting automatically',
  }),
};
const watch = z.strictObject(watchFields).meta({
  description:
    "How the watch checks the directory. Future users are always covered: the watch can't be turned off",
});

const fields = {
  compositionMode: z.enum(['exclusive', 'union', 'group-overrides-organization']).meta({
    description: 'How organization and group templates combine',
  }),
  subscriptions: z
    .array(
      z
        .strictObject({
          id: z.string().min(1).max(200).meta({ description: 'As shown by `GET licenses`' }),
          startsOn: z.iso.date().meta({ description: 'First day of the subscription' }),
          endsOn: z.iso.date().optional().meta({
            description: 'Last day of the subscription; absent: it has no end',
          }),
        })
        .refine(({ startsOn, endsOn }) => endsOn === undefined || endsOn >= startsOn, {
          path: ['endsOn'],
          message: 'a subscription ends on its first day or later',
        }),
    )
    .max(1_000)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
      message: 'a subscription is listed twice',
    })
    .meta({
      description:
        'The oldest subscription is used first; unlisted ones are used last. Users who hold an offer twice keep what lasts longest, where a plan removes the other',
    }),
  attendeeSites: z.array(site).max(1_000).meta({
    description:
      "Sites with the attendee account feature. On other sites templates can't ask for attendee accounts, and plans don't grant them",
  }),
  callingOffers: z
    .strictObject({
      standard: offerCode.optional().meta({ description: callingStandard }),
      attendantConsole: offerCode.optional().meta({ description: attendantConsole }),
      customerAssist: offerCode.optional().meta({ description: customerAssist }),
    })
    .refine((codes) => new Set(Object.values(codes)).size === Object.keys(codes).length, {
      message: 'two offers have the same code',
    })
    .meta({
      description:
        'Offer codes that Cisco does not publish: `GET licenses` shows those of the organization. Offers without a code here are added and removed as if they had no dependencies',
    }),
  verification: z
    .strictObject({
      intervalsSeconds: z.array(z.number().gt(0).max(aDaySeconds)).min(1).max(100).meta({
        description: 'Seconds before each read; the last value repeats',
      }),
      deadlineSeconds: z
        .number()
        .gt(0)
        .max(7 * aDaySeconds)
        .meta({
          description:
            'Seconds after the last write. Users whose change Webex does not show by then are `unconverged`',
        }),
    })
    .meta({ description: 'When verification reads Webex again, and when it gives up' }),
  preserveOnGroupTransition: z.boolean().meta({
    description:
      'true: users who join, leave or change groups, or whose group is deleted, keep the licenses they held. false: their licenses become exactly what templates grant, and they also lose manually assigned ones; turning it off has to be confirmed. `preserveLicenses` of a rollout is independent of this setting',
  }),
  includeParentGroups: z.boolean().meta({
    description:
      'false: a template covers only the direct members of its group. true: it also covers members of groups inside it',
  }),
  maxMemberDropPercent: z.number().min(0).max(100).meta({
    description:
      'A member list that shrank by more than this percentage, and by more than 5, is not believed: whoever is missing still counts as a member until two checks agree or an administrator accepts the list. 100 believes every drop',
  }),
  siteAdministrators: z
    .array(
      z.strictObject({
        site: site.meta({ description: 'The meeting site' }),
        users: z
          .array(email)
          .max(10_000)
          .meta({ description: 'Any of the e-mail addresses of each' }),
      }),
    )
    .max(1_000)
    .refine((list) => new Set(list.map((one) => one.site)).size === list.length, {
      message: 'a site is listed twice',
    })
    .meta({
      description:
        "Administrators of meeting sites, by e-mail address: they can't be attendees there, and no Webex API shows who they are",
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
          'Codes that are left out are unchanged, null removes one; codes must be different',
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
          'Confirms a change: `["preserveOnGroupTransition"]` for turning that setting off. Without it the whole request is refused and nothing is saved',
      }),
  })
  .meta({ id: 'SettingsChange' });
export const settingsAnswer = z
  .strictObject({
    ...fields,
    watch,
    version: z.int().meta({ description: 'Version of the settings; 0 if none were ever saved' }),
    updatedAt: orNull(instant),
    warnings: z.array(warning).meta({
      description:
        'Sites, subscriptions, offers and users that the organization does not have, as last read',
    }),
  })
  .meta({ id: 'SettingsAnswer' });
