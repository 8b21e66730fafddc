import { z } from 'zod';
import { holdings, instant, orNull } from '../http/parameters/schema-parts';

export const pace = z
  .strictObject({
    writesPerSecond: z.number().meta({ description: 'The pace in force now' }),
    configuredPerSecond: z.number(),
    source: z.enum(['default', 'set', 'throttled']).meta({
      description: '`throttled`: Webex asked for a lower pace, which recovers step by step',
    }),
    notBefore: orNull(instant).meta({ description: 'Webex asked for no write before this time' }),
  })
  .meta({ id: 'Pace' });

export const organizationBrief = z
  .strictObject({
    orgId: z.string(),
    orgUuid: z.string(),
    displayName: z.string(),
    observedAt: orNull(instant).meta({
      description: 'End of the last complete read of the directory',
    }),
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'OrganizationBrief' });

export const organization = organizationBrief
  .extend({
    firstSeenAt: instant,
    credentialReport: orNull(z.record(z.string(), z.unknown())).meta({
      description: "Result of the worker's check of the credential at its start; null before that",
    }),
    pace,
  })
  .meta({ id: 'Organization' });

export const group = z
  .strictObject({
    groupId: z.string(),
    displayName: z.string(),
    memberSize: orNull(z.int()),
    isLocation: z
      .boolean()
      .meta({ description: "The group of a location: it can't have a template" }),
    source: orNull(z.string()).meta({
      description:
        "System that created the group, as SCIM returns it: `AD`, `API` …; null if SCIM returns nothing or can't be read",
    }),
    usage: orNull(z.string()).meta({ description: 'Purpose of the group, as SCIM returns it' }),
    membersReadAt: orNull(instant),
    missingSince: orNull(instant).meta({
      description:
        'Since when lists of groups have not shown it. It still counts, until two checks agree that it was deleted',
    }),
    readAt: instant,
    links: z.strictObject({ template: z.string() }),
  })
  .meta({ id: 'Group' });

export const userBrief = z
  .strictObject({
    personId: z.string(),
    email: z.string(),
    displayName: z.string(),
    kind: z.enum(['person', 'bot', 'machine', 'external']),
    status: orNull(z.string()),
    holds: holdings,
    readAt: instant,
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'UserBrief' });

/** Units of a license after open plans. */
const outlook = {
  taken: z.number().meta({ description: 'Units that the additions still need' }),
  freed: z.number().meta({ description: 'Units that the removals still free' }),
  waiting: z.number().meta({ description: 'Users for whom planning found no unit' }),
  unitsLeftAfter: orNull(z.number()).meta({
    description: 'null if there is no limit or Webex does not report one',
  }),
  shortage: z.number().meta({
    description:
      'Units that are needed, by additions or by users who wait, and that neither this license nor another one of its offer and site has',
  }),
};

export const license = z
  .strictObject({
    licenseId: z.string(),
    offer: z.string(),
    label: z.string(),
    service: z.enum(['messaging', 'meetings', 'calling', 'contact-center', 'other']),
    name: z.string(),
    site: orNull(z.string()),
    siteType: orNull(z.string()),
    subscriptionId: orNull(z.string()),
    totalUnits: z.number(),
    consumedUnits: orNull(z.number()).meta({
      description: 'Units in use as Webex reported them at `readAt`',
    }),
    unitsLeft: orNull(z.number()).meta({
      description:
        'Units that are left now: of those that Webex reported, without what Seatwise has assigned since. What it has removed since is added once Webex shows it. null if there is no limit or Webex does not report one',
    }),
    forecast: z.array(z.strictObject({ rollout: z.string(), ...outlook })).meta({
      description:
        'What each open plan alone would make of the units that are left today: plans that can be started, and what is left of those that are being written',
    }),
    openPlans: z.strictObject({ plans: z.number(), ...outlook }).meta({
      description:
        'What all open plans together would make of the units that are left today. A user whom several plans license counts in each.',
    }),
    readAt: instant,
  })
  .meta({ id: 'License' });
