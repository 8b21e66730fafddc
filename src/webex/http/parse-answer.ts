import type { z } from 'zod';
import { oneLine } from './one-line';
import { WebexError } from '../port/webex';

export interface AnswerAbout {
  operation: string;
  status: number;
  trackingId: string;
  outcomeUnknown: boolean;
}

/** Parses the body of a success by its schema. Throws `contract` with the operation and the field. */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  about: AnswerAbout,
): z.output<Schema> {
  const { operation, trackingId } = about;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new WebexError('contract', `${operation}: the answer is not JSON (${trackingId})`, about);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.map(String).join('.') : 'the answer';
  const said = oneLine(`${operation}: ${field}: ${issue?.message ?? 'unexpected value'}`);
  throw new WebexError('contract', `${said} (${trackingId})`, about);
}
