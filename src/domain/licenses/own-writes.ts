import type { License } from '../model/license';

/** Units of one license that we have taken and freed since Webex last said how many are used. */
export interface OwnWrites {
  added: number;
  removed: number;
}

/**
 * Units as they are now: what Webex said, and what we have written since. Webex may show a removal late,
 * so a removal makes up for an addition but leaves no more units than Webex has shown.
 */
export function withOwnWrites<L extends License>(
  licenses: readonly L[],
  written: ReadonlyMap<string, OwnWrites>,
): L[] {
  return adjusted(licenses, written, ({ added, removed }) => Math.max(0, added - removed));
}

/** Units as Webex will show them once it shows everything that we have written: for forecasts. */
export function onceShown<L extends License>(
  licenses: readonly L[],
  written: ReadonlyMap<string, OwnWrites>,
): L[] {
  return adjusted(licenses, written, ({ added, removed }) => added - removed);
}

function adjusted<L extends License>(
  licenses: readonly L[],
  written: ReadonlyMap<string, OwnWrites>,
  more: (writes: OwnWrites) => number,
): L[] {
  return licenses.map((license) => {
    const writes = written.get(license.id);
    if (!writes || license.consumedUnits === null) return license;
    return { ...license, consumedUnits: Math.max(0, license.consumedUnits + more(writes)) };
  });
}
