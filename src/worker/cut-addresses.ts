import { ApplicationFailure } from '@temporalio/common';
import { withoutAddresses } from '../domain/model/text/without-addresses';

/** The error without e-mail addresses, causes and details included. Other values stay as they are. */
export function cutAddresses(error: unknown): unknown {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    each.message = withoutAddresses(each.message);
    if (each.stack !== undefined) each.stack = withoutAddresses(each.stack);
    if (each instanceof ApplicationFailure && each.details) {
      each.details.splice(0, each.details.length, ...(plainValue(each.details) as unknown[]));
    }
  }
  return error;
}

/** A result without them, such as the text of a plan that names users. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutAddresses(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]));
}
