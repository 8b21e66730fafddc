import { z } from 'zod';

const ms = z.number().min(0).max(86_400_000);
const probability = z.number().min(0).max(1);

const propagation = z.strictObject({
  delay: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('none') }),
      z.strictObject({ mode: z.literal('fixed'), delayMs: ms }),
      z.strictObject({ mode: z.literal('uniform'), minMs: ms, maxMs: ms }),
      z.strictObject({ mode: z.literal('exponential'), meanMs: ms, maxMs: ms }),
    ])
    .default({ mode: 'none' }),
  /** Reads go to a random replica; each user's delay is drawn per replica. */
  replicas: z.int().min(1).max(16).default(1),
  seed: z.int().default(1),
  /** Person id → delay that replaces the drawn one. */
  overrides: z.record(z.string(), ms).default({}),
});

const throttle = z.strictObject({
  ratePerSecond: z.number().positive(),
  burst: z.number().min(1),
  /** After the budget is exceeded, every call is refused for this long. */
  lockoutSeconds: z.number().min(0).default(0),
  on: z.enum(['all', 'writes', 'reads']).default('all'),
});

const faultShape = {
  probability,
  seed: z.int().default(1),
  on: z.enum(['all', 'writes', 'reads']).default('writes'),
  /** Occurs at most this often. */
  times: z.int().min(0).nullable().default(null),
  /** Only calls about these people. */
  personIds: z.array(z.string()).nullable().default(null),
};
const fault = z.strictObject(faultShape).nullable().default(null);
const statusFault = z
  .strictObject({
    ...faultShape,
    /** Includes 400: `POST /people` is known to answer it for people whom it has created. */
    status: z.literal([400, 500, 502, 503, 504]).default(503),
    retryAfterSeconds: z.number().min(0).nullable().default(null),
  })
  .nullable()
  .default(null);

const faults = z.strictObject({
  /** A 5xx, and nothing was done. */
  error5xxBefore: statusFault,
  /** A 5xx although the work was done. */
  error5xxAfter: statusFault,
  resetBefore: fault,
  resetAfter: fault,
  /** The work is done; the answer comes late. */
  slow: z
    .strictObject({ ...faultShape, minMs: ms, maxMs: ms })
    .nullable()
    .default(null),
  locked423: z
    .strictObject({ ...faultShape, retryAfterSeconds: z.number().min(0).nullable().default(null) })
    .nullable()
    .default(null),
  /** A 200 although removals had no effect. */
  ineffectiveRemoval200: fault,
  /** A 206 that did the first half of what was asked. */
  half206: fault,
});

const offers = z.strictObject({
  professional: z.array(z.string()).default(['BCSTD']),
  standard: z.array(z.string()).default(['BCBAS']),
  attendantConsole: z.array(z.string()).default(['BCATC']),
  customerAssist: z.array(z.string()).default(['BCCXE']),
  messenger: z.array(z.string()).default(['MSGR']),
  /** A user can hold only one offer of each list (400413). */
  exclusive: z.array(z.array(z.string())).default([['CJPPRM', 'CJPSTD']]),
});

/** Everything that `PUT /_simulator/settings` sets. Times are milliseconds unless named otherwise. */
export const settingsSchema = z.strictObject({
  propagation: propagation.prefault({}),
  /** What happens when a license has no unit left. */
  overage: z.enum(['allow', 'partial206', 'reject']).default('partial206'),
  /** Per token; null: no limit. */
  throttle: throttle.nullable().default(null),
  /** Added to every call: half before the work and half after it. */
  latencyMs: ms.default(0),
  faults: faults.prefault({}),
  offers: offers.prefault({}),
  /** Sites where the attendee account feature is on; null: all. */
  attendeeSites: z.array(z.string()).nullable().default(null),
  /** Group id → a member list that is cut short; `admits`: its `memberSize` shows that. */
  shortMemberLists: z
    .record(z.string(), z.strictObject({ shown: z.int().min(0), admits: z.boolean() }))
    .default({}),
  /** Whether lists of people include `licenses`. */
  licensesInLists: z.boolean().default(true),
  /** `as-made`: always for generated people; for imported ones only if there are any. */
  siteUrls: z.enum(['as-made', 'always', 'when-any', 'never']).default('as-made'),
  /** How answers write `attendee` and `host`: like the request, else as documented; or in capitals. */
  accountTypes: z.enum(['as-asked', 'upper']).default('as-asked'),
  /** Larger values of `max` on `GET /people` are reduced to this. */
  peoplePageCap: z.int().min(1).max(1000).default(1000),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
export type Faults = Settings['faults'];

/** The settings with these top-level keys replaced. Throws a ZodError that names every wrong key. */
export function changeSettings(current: Settings, change: unknown): Settings {
  const given: unknown = change ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) return settingsSchema.parse(given);
  return settingsSchema.parse({ ...current, ...given });
}
