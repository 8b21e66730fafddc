import type { Change } from '../model/change';
import type { Holdings } from '../model/user';

export interface Compared {
  done: Change[];
  refused: Change[];
}

/**
 * Which changes of a call a read shows as done. A read without attendee sites says nothing about
 * attendee accounts: they count as not done.
 */
export function compareHoldings(changes: readonly Change[], holdings: Holdings): Compared {
  const isDone = ({ operation, target }: Change) => {
    if (target.kind === 'license') {
      return holdings.licenses.includes(target.licenseId) === (operation === 'add');
    }
    const sites = holdings.attendeeSites;
    return sites !== null && sites.includes(target.site) === (operation === 'add');
  };
  return {
    done: changes.filter(isDone),
    refused: changes.filter((change) => !isDone(change)),
  };
}
