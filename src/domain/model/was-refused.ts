import { targetKey } from './target-key';
import type { Change } from './change';

/** Whether Webex refused this change of a row; a row changes each license and site at most once. */
export function wasRefused(
  { refused }: { refused: readonly Change[] | null },
  change: Change,
): boolean {
  return (refused ?? []).some(
    ({ operation, target }) =>
      operation === change.operation && targetKey(target) === targetKey(change.target),
  );
}
