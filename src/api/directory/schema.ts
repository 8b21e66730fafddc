import { z } from 'zod';
import { holdings, instant, orNull } from '../http/schema-parts';

export const pace = z
  .strictObject({
    writesPerSecond: z.number().meta({ description: 'In force now' }),
    configuredPerSecond: z.number(),
    source: z.enum(['default', 'set', 'throttled']).meta({
      description: 'throttled: Webex asked for less, and it comes back step by step',
    }),
    notBefore: orNull(instant).meta({ description: 'Webex asked for no write before this' }),
  })
  .meta({ id: 'Pace' });

export const organizationBrief = z
  .strictObject({
    orgId: z.string(),
    orgUuid: z.string(),
    displayName: z.string(),
    observedAt: orNull(instant).meta({ description: 'End of the last complete look' }),
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'OrganizationBrief' });

export const organization = organizationBrief
  .extend({
    firstSeenAt: instant,
    credentialReport: orNull(z.record(z.string(), z.unknown())).meta({
      description: "What the worker's check at start found out; null before it",
    }),
    pace,
  })
  .meta({ id: 'Organization' });

export const group = z
  .strictObject({
    groupId: z.string(),
    displayName: z.string(),
    memberSize: orNull(z.int()),
    isLocation: z.boolean().meta({ description: 'Can hold no template (R13)' }),
    source: orNull(z.string()).meta({
      description:
        'Which system made it, as SCIM says it: `AD`, `API` …; null where SCIM says nothing or may not be read (R12)',
    }),
    usage: orNull(z.string()).meta({ description: 'What it is for, as SCIM says it' }),
    membersReadAt: orNull(instant),
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
    consumedUnits: orNull(z.number()),
    unitsLeft: orNull(z.number()).meta({ description: 'null: never short, or Webex does not say' }),
    forecast: z
      .array(
        z.strictObject({
          rollout: z.string(),
          taken: z.number(),
          freed: z.number(),
          waiting: z.number(),
          unitsLeftAfter: orNull(z.number()),
        }),
      )
      .meta({ description: 'By plan that is open: before its start, or while it writes' }),
    readAt: instant,
  })
  .meta({ id: 'License' });
