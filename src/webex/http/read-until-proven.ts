import { incomplete } from './incomplete';
import { pause } from './pause';
import type { ReadProgress } from './reader';
import { WebexError, type ListName, type Proof } from '../port/webex';

/** A list is read so often before it is refused. */
const tries = 3;

export interface ListRead {
  operation: string;
  list: ListName;
}

export type Attempt<Page> = (isLast: boolean) => AsyncGenerator<Page, Omit<Proof, 'list'>>;

/**
 * Reads a whole list until it proves complete (R87), at most three times, with a pause in between. Each
 * attempt yields pages and returns its proof; it throws `incomplete` where it can't. Throws `incomplete`
 * in the end, or where an answer can't be understood. A list that begins anew shows its pages again.
 */
export async function* readUntilProven<Page>(
  { operation, list }: ListRead,
  attempt: Attempt<Page>,
  progress: ReadProgress,
): AsyncGenerator<Page, Proof> {
  for (let tried = 1; ; tried += 1) {
    try {
      const proof = { list, ...(yield* attempt(tried === tries)) };
      progress.prove(proof);
      return proof;
    } catch (error) {
      if (!(error instanceof WebexError)) throw error;
      // An answer that can't be understood has been asked for several times already.
      if (error.kind === 'contract') throw asIncomplete(error, { operation, list });
      if (error.kind !== 'incomplete' || tried === tries) throw error;
      progress.report(0);
      await pause(progress.listPauseMs * 2 ** (tried - 1), { operation, signal: progress.signal });
    }
  }
}

/** The entries of a whole list: of the attempt that proved complete. */
export async function collectUntilProven<Entry>(
  about: ListRead,
  attempt: Attempt<readonly Entry[]>,
  progress: ReadProgress,
): Promise<Entry[]> {
  let entries: Entry[] = [];
  const anew: typeof attempt = (isLastAttempt) => {
    entries = [];
    return attempt(isLastAttempt);
  };
  for await (const page of readUntilProven(about, anew, progress)) {
    for (const entry of page) entries.push(entry);
  }
  return entries;
}

function asIncomplete(error: WebexError, { operation, list }: ListRead): WebexError {
  const { trackingId = null } = error.context;
  const made = incomplete({ operation, list, why: '', shown: 0, promised: null, trackingId });
  return new WebexError('incomplete', error.message, { ...error.context, ...made.context });
}
