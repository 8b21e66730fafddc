import type { Change } from '../model/change';
import type { Holdings } from '../model/user';

/**
 * The same changes with the removal of an attendee account before each host license, for a user whose
 * attendee accounts no read shows; null where nothing is missing. Webex refuses to make an attendee host
 * without it (R40), and removing an account that isn't there changes nothing.
 */
export function withMissingHalves(changes: readonly Change[], before: Holdings): Change[] | null {
  if (before.attendeeSites !== null) return null;
  const named = new Set(
    changes.flatMap(({ target }) => (target.kind === 'attendee' ? [target.site] : [])),
  );
  const missing = changes.flatMap(({ operation, target, reason }): Change[] => {
    const site = operation === 'add' && target.kind === 'license' ? target.site : null;
    if (site === null || named.has(site)) return [];
    const text = 'replaced by host, if the user is attendee: no read shows it';
    return [
      {
        operation: 'remove',
        target: { kind: 'attendee', site },
        reason: { code: 'replaced', text, rule: 'R40', templates: reason.templates },
        replacement: true,
      },
    ];
  });
  return missing.length > 0 ? [...missing, ...changes] : null;
}

/** Whether a host license was refused beside an attendee account of the same site (R40). */
export function isRefusedBesideAttendee(refused: readonly Change[], shown: Holdings): boolean {
  return refused.some(
    ({ operation, target }) =>
      operation === 'add' &&
      target.kind === 'license' &&
      target.site !== null &&
      (shown.attendeeSites ?? []).includes(target.site),
  );
}
