import { mirrorLicenses } from '../db/mirror';
import type { ActivityDeps } from './deps';

/** Refusals come in crowds: one look at the licenses serves all of this time. */
const freshMs = 10_000;

export type UnitsLeft = Record<string, number | null>;

/** Units left by license id as Webex shows them now; null is never short (R47). */
export function createUnitsLeft(
  deps: Pick<ActivityDeps, 'db' | 'webex' | 'orgId'>,
): () => Promise<UnitsLeft> {
  let latest: { at: number; units: Promise<UnitsLeft> } | null = null;

  async function look(): Promise<UnitsLeft> {
    const licenses = await deps.webex.listLicenses();
    await mirrorLicenses(deps.db, deps.orgId, licenses, new Date());
    return Object.fromEntries(
      licenses.map(({ id, subscriptionId, totalUnits, consumedUnits }) => [
        id,
        subscriptionId === null || consumedUnits === null
          ? null
          : Math.max(0, totalUnits - consumedUnits),
      ]),
    );
  }

  return async () => {
    if (!latest || Date.now() - latest.at > freshMs) {
      // A failed look only costs the explanation: the refusal itself is known.
      latest = { at: Date.now(), units: look().catch(() => ({})) };
    }
    return await latest.units;
  };
}
