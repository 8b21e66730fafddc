import type { Change } from '../model/change';
import type { Holdings } from '../model/user';

/**
 * An answer without any license, for a user who held some that the call doesn't remove. It shows each
 * removal as done whatever was done, and would be believed for a day (R80a): a read has to agree.
 */
export function isImplausiblyEmpty(
  answered: Holdings,
  { before, changes }: { before: Holdings; changes: readonly Change[] },
): boolean {
  if (answered.licenses.length > 0) return false;
  const removed = new Set(
    changes.flatMap(({ operation, target }) =>
      operation === 'remove' && target.kind === 'license' ? [target.licenseId] : [],
    ),
  );
  return before.licenses.some((id) => !removed.has(id));
}
