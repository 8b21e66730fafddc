import type { Holdings } from '../../domain/model/user';
import type { ReadAfterNotFound } from '../../domain/rollout/what-went-wrong';
import { WebexError, type Webex } from '../../webex/port/webex';

/** What a read of one user by id says. Only an answer that names the id proves that they are gone. */
export interface UserRead {
  kind: ReadAfterNotFound;
  /** Null unless `shown`. */
  holdings: Holdings | null;
}

/** Reads one user by id, where the answer to a write doesn't say what became of them. */
export async function readUser(
  webex: Webex,
  personId: string,
  withinMs: number,
): Promise<UserRead> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    for await (const page of webex.readPeople([personId], Infinity, { signal })) {
      const user = page.users.find((one) => one.personId === personId);
      if (user) return { kind: 'shown', holdings: user.holdings };
      if (page.notFound.includes(personId)) return { kind: 'not-found', holdings: null };
    }
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
  }
  return { kind: 'unanswered', holdings: null };
}
