import type { DesiredEntry } from '../templates/compose-templates';
import type { Finding } from './finding';
import type { UserCase } from './user-case';

/** One desired entry for one user. */
export interface Case {
  user: UserCase;
  entry: DesiredEntry;
  /** Keys of the licenses and attendee accounts that earlier entries have dealt with. */
  handled: ReadonlySet<string>;
}

/** What follows for a case; null: the rule doesn't apply, and the next one is asked. */
export type Rule<C extends Case = Case> = (one: C) => Finding[] | null;

/** The findings of the first rule that applies. */
export function firstAnswer<C extends Case>(rules: readonly Rule<C>[], one: C): Finding[] {
  for (const rule of rules) {
    const findings = rule(one);
    if (findings) return findings;
  }
  throw new Error(`No rule decides about ${one.entry.offer}`);
}
