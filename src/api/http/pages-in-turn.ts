import { setImmediate as othersTurn } from 'node:timers/promises';
import { takeTurns } from './body/turns';

/** Pages of files that are made at the same time: each holds a connection and takes a while to write. */
const inTurn = takeTurns(2);

/**
 * The pages of a file that is downloaded, made as they are read. Of all downloads together two pages at
 * a time are made, in turn, and other requests have theirs in between.
 */
export async function* pagesInTurn(pages: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    for (;;) {
      const next = await inTurn(async () => {
        await othersTurn();
        return pages.next();
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pages.return(undefined);
  }
}
