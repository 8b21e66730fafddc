import { unitsLeftOf } from '../../domain/licenses/license-index';
import { setTimeout as delay } from 'node:timers/promises';
import { mirrorLicenses } from '../../db/directory/mirror/mirror-licenses';
import { beginRead } from '../../db/directory/reads';
import { lacksUnit } from '../../domain/write/judge-write';
import type { Change } from '../../domain/model/change';
import type { CredentialWatch } from './pace/credential-watch';
import type { ThrottleWatch } from './pace/throttle-watch';
import type { ActivityDeps } from '../activity/deps';

/** Many users are refused at once: a check that explains one refusal serves all of this time. */
const freshMs = 10_000;
/** The least time between two checks. */
const gapMs = 1_000;

export type UnitsLeft = Record<string, number | null>;

/** What writing a user needs: writes and puttings-back share the reader of units and what is known of refusals. */
export interface WriteDeps extends ActivityDeps {
  unitsLeft: (refused: readonly Change[]) => Promise<UnitsLeft>;
  credentialWatch: CredentialWatch;
  throttleWatch: ThrottleWatch;
}

/**
 * Units left by license id as Webex shows them; null is never short (R47). A check from before the
 * refusal counts only where it explains it: the last unit may have gone in between.
 */
export function createUnitsLeft(
  deps: Pick<ActivityDeps, 'db' | 'webex' | 'orgId'>,
): WriteDeps['unitsLeft'] {
  let latest: { at: number; units: Promise<UnitsLeft> } | null = null;

  async function check(): Promise<UnitsLeft> {
    const looked = await beginRead(deps.db, deps.orgId);
    const licenses = await deps.webex.listLicenses();
    await mirrorLicenses(deps.db, deps.orgId, licenses, looked);
    return Object.fromEntries(licenses.map((license) => [license.id, unitsLeftOf(license)]));
  }

  return async (refused) => {
    const refusedAt = Date.now();
    for (;;) {
      const known = latest;
      if (known && Date.now() - known.at <= freshMs) {
        const units = await known.units;
        if (known.at >= refusedAt || isExplained(refused, units)) return units;
        if (latest !== known) continue;
        const waitMs = known.at + gapMs - Date.now();
        if (waitMs > 0) {
          await delay(waitMs);
          continue;
        }
      }
      // A failed check only costs the explanation: the refusal itself is known.
      latest = { at: Date.now(), units: check().catch(() => ({})) };
    }
  };
}

function isExplained(refused: readonly Change[], units: UnitsLeft): boolean {
  return refused.every(
    (change) =>
      change.operation !== 'add' || change.target.kind !== 'license' || lacksUnit(change, units),
  );
}
