import { WebexError, type ListName } from '../port/webex';

export interface Unproven {
  operation: string;
  list: ListName;
  /** Why, after the name of the operation: `the next page was shown before`. */
  why: string;
  shown: number;
  promised: number | null;
  trackingId?: string | null;
}

/** The error of a list that can't be proved complete (R87). */
export function incomplete(unproven: Unproven): WebexError {
  const { operation, list, why, shown, promised, trackingId = null } = unproven;
  const from = trackingId === null ? '' : ` (${trackingId})`;
  return new WebexError('incomplete', `${operation}: ${why}${from}`, {
    operation,
    trackingId,
    came: { list, shown, promised },
  });
}

/** The figures in words: `only 380 of 450 could be read`. */
export function onlySome(shown: number, promised: number): string {
  return `only ${shown} of ${promised} could be read`;
}
