import { z } from 'zod';
import { instant, orNull } from './parts';

const site = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a site is a host name such as acme.webex.com')
  .max(255);
const offerCode = z
  .string()
  .regex(/^[A-Z0-9]{1,32}$/, 'an offer code is capital letters and digits');
const aDaySeconds = 24 * 60 * 60;

const fields = {
  compositionMode: z.enum(['exclusive', 'union', 'group-overrides-organization']).meta({
    description: 'How organization and group templates combine (R2, R4, R6)',
  }),
  subscriptions: z
    .array(z.strictObject({ id: z.string().min(1).max(200), startsOn: z.iso.date() }))
    .max(1_000)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
      message: 'every subscription is listed once',
    })
    .meta({ description: 'The oldest is used up first (R44); unlisted ones come last' }),
  attendeeSites: z.array(site).max(1_000).meta({
    description: 'Sites where the attendee account feature is on (R38)',
  }),
  callingOffers: z
    .strictObject({
      standard: offerCode.optional(),
      attendantConsole: offerCode.optional(),
      customerAssist: offerCode.optional(),
    })
    .meta({ description: 'Offer codes that Cisco does not publish' }),
  verification: z
    .strictObject({
      intervalsSeconds: z.array(z.number().gt(0).max(aDaySeconds)).min(1).max(100),
      deadlineSeconds: z
        .number()
        .gt(0)
        .max(7 * aDaySeconds),
    })
    .meta({ description: 'When verification looks again, and when it gives up (R80)' }),
};

export const settings = z.strictObject(fields).meta({ id: 'Settings' });
export const settingsBody = z.strictObject(fields).partial().meta({ id: 'SettingsChange' });
export const settingsAnswer = z
  .strictObject({
    ...fields,
    version: z.int().meta({ description: '0: nothing was ever saved' }),
    updatedAt: orNull(instant),
  })
  .meta({ id: 'SettingsAnswer' });
