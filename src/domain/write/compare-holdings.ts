import type { Change } from '../model/change';
import type { Holdings } from '../model/user';

export interface Compared {
  done: Change[];
  refused: Change[];
  /** The read says nothing about them: they may be done or not. */
  silent: Change[];
}

/**
 * Which changes of a call a read shows as done, and which as not done. A read without attendee sites
 * says nothing about attendee accounts.
 */
export function compareHoldings(changes: readonly Change[], holdings: Holdings): Compared {
  const compared: Compared = { done: [], refused: [], silent: [] };
  for (const change of changes) compared[verdictOn(change, holdings)].push(change);
  return compared;
}

function verdictOn({ operation, target }: Change, holdings: Holdings): keyof Compared {
  const { licenses, attendeeSites } = holdings;
  const isAdded = operation === 'add';
  if (target.kind === 'license') {
    return licenses.includes(target.licenseId) === isAdded ? 'done' : 'refused';
  }
  if (attendeeSites === null) return 'silent';
  return attendeeSites.includes(target.site) === isAdded ? 'done' : 'refused';
}
