import { z } from 'zod';
import { problemCodes, type ProblemCode } from '../problem';

/** `.nullable()` of a named schema loses the null in OpenAPI 3.1; a union keeps it. */
export function orNull<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.null()]);
}

/** Printable ASCII without spaces. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/)
  .meta({ description: 'The same request with the same key is carried out once' });

export const instant = z.iso.datetime();
export const asOf = orNull(instant).meta({
  description: 'End of the last complete read of the directory; null if there was none',
});

/** A whole number in digits and nothing else: coercion also accepts `1e2`, `0x10` and blanks. */
export function wholeNumber(least: number, most: number) {
  const digits = (given: unknown) =>
    typeof given === 'string' && !/^-?\d{1,15}$/.test(given) ? NaN : given;
  const number = z.coerce.number().int().min(least).max(most);
  // `coerce` would be documented as taking null as well.
  return z.preprocess(digits, number).meta({ type: 'integer', minimum: least, maximum: most });
}

/** A number that the database stores as an `integer`. */
export function wholeNumberFrom(least: number) {
  return z.int().min(least).max(2_147_483_647);
}

export const cursorQuery = {
  cursor: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .meta({ description: '`next` of the previous page' }),
};
export function limitQuery(fallback: number, most: number) {
  return {
    limit: wholeNumber(1, most).default(fallback).meta({ description: 'Items per page' }),
  };
}
export const next = orNull(z.string()).meta({
  description: 'Send it as `cursor` to get the next page; null on the last page',
});

export const holdings = z
  .strictObject({
    licenses: z.array(z.string()),
    attendeeSites: orNull(z.array(z.string())).meta({ description: 'null if not known yet' }),
  })
  .meta({ id: 'Holdings' });

export const templateRef = z
  .strictObject({ templateId: z.string(), revision: z.int(), name: z.string() })
  .meta({ id: 'TemplateRef' });

export const changeTarget = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('license'),
      licenseId: z.string(),
      offer: z.string(),
      site: orNull(z.string()),
    }),
    z.strictObject({ kind: z.literal('attendee'), site: z.string() }),
  ])
  .meta({ id: 'ChangeTarget' });

export const change = z
  .looseObject({
    operation: z.enum(['add', 'remove']),
    target: changeTarget,
    reason: z.looseObject({
      code: z.string(),
      text: z.string(),
      rule: z.string(),
      templates: z.array(templateRef),
    }),
    replacement: z.boolean(),
  })
  .meta({
    id: 'Change',
    description: 'One license or account to add or remove for one user, with the reason',
  });

export const note = z
  .looseObject({ code: z.string(), text: z.string(), rule: z.string(), target: z.unknown() })
  .meta({ id: 'Note', description: 'Something kept or blocked, with the reason' });

export const warning = z
  .looseObject({ code: z.string(), text: z.string(), rule: z.string() })
  .meta({ id: 'Warning' });

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string(),
    instance: z.string(),
    totalErrors: z
      .int()
      .optional()
      .meta({ description: 'Where not every fault is listed in `errors`: how many there are' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          rule: z.string().optional(),
          line: z.int().optional(),
          column: orNull(z.string()).optional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });
