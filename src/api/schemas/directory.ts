import { z } from 'zod';
import { change, holdings, instant, orNull, templateRef } from './parts';
import { outcome, pace } from './rollout';

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

const desired = z
  .strictObject({
    offer: z.string(),
    site: orNull(z.string()),
    kind: z.enum(['license', 'attendee']),
    held: z.boolean(),
    rule: z.string(),
    requiredBy: orNull(z.string()).meta({
      description: 'What needs it; null: a template grants it',
    }),
    templates: z.array(templateRef),
  })
  .meta({ id: 'Desired', description: 'One thing that a user should hold, and why' });

export const user = userBrief
  .extend({
    holdsSource: z.enum(['read', 'answer']).meta({
      description: 'answer: that of our last write, until a read agrees or 24 h have passed (R80a)',
    }),
    licenses: z.array(
      z.strictObject({
        licenseId: z.string(),
        offer: orNull(z.string()),
        site: orNull(z.string()),
        name: orNull(z.string()).meta({ description: 'null: not listed, so never touched' }),
      }),
    ),
    shouldHold: z.array(desired),
    templates: z.array(templateRef),
    groups: z.array(z.strictObject({ groupId: z.string(), displayName: z.string() })),
    ledger: z.array(
      z.strictObject({
        at: instant,
        operation: z.enum(['add', 'remove']),
        target: z.string(),
        change,
        actor: z.string(),
        rollout: z.string(),
      }),
    ),
    rollouts: z.array(
      z.strictObject({
        title: z.string(),
        createdAt: instant,
        seq: z.int(),
        outcome,
        changes: z.array(change),
        detail: orNull(z.string()),
        rollout: z.string(),
      }),
    ),
    asOf: orNull(instant),
  })
  .meta({ id: 'User' });

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
