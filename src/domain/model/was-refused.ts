import { targetKey } from './target-key';
import type { Change } from './change';

/** Whether Webex refused this change of a row; a row changes each license and site at most once. */
export function wasRefused(
  { refused }: { refused: readonly Change[] | null },
  change: Change,
): boolean {
  return isAmong(refused ?? [], change);
}

/** Whether these changes include this one: the same operation on the same license or site. */
export function isAmong(
  changes: readonly Pick<Change, 'operation' | 'target'>[],
  change: Pick<Change, 'operation' | 'target'>,
): boolean {
  return changes.some(
    ({ operation, target }) =>
      operation === change.operation && targetKey(target) === targetKey(change.target),
  );
}
