import { readSettings } from '../../db/admin/settings';
import type { Queryable } from '../../db/connect';
import { readGroupCovers } from '../../db/directory/group-covers';
import { templatesInForce } from '../../db/templates/templates';
import {
  readOpenWaits,
  recordEndedWaits,
  type EndedWait,
  type OpenWait,
} from '../../db/watch/open-waits';
import { desiredByUser } from '../../domain/kinds/desired-by-user';
import { grantsHeld, indexLicenses } from '../../domain/licenses/license-index';
import type { License } from '../../domain/model/license';
import { grantKey } from '../../domain/model/target-key';
import { endedChanges, type WaitFacts } from '../../domain/watch/waits';

/** Records what users don't wait for any more (R107): only what is still waited for is served. */
export async function endWaits(
  tx: Queryable,
  orgId: string,
  licenses: readonly License[],
): Promise<void> {
  const { settings } = await readSettings(tx, orgId);
  const templates = await templatesInForce(tx, orgId);
  const groups = await readGroupCovers(tx, {
    orgId,
    groupIds: templates.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])),
    includeInner: settings.includeParentGroups,
  });
  const desiredBy = desiredByUser({ templates, settings, includesExplicitUsers: false });
  const index = indexLicenses(licenses, settings.subscriptions);
  const factsOf = (wait: OpenWait): WaitFacts => {
    const { groupIds, isExplicit, isOld, taken, refused, changes, holdings, user } = wait;
    const { entries } = desiredBy({ groupIds: groupIds ?? [], isExplicit });
    return {
      changes,
      held: grantsHeld(index, holdings),
      granted: new Set(entries.map(grantKey)),
      taken: new Set(taken),
      refused: new Set(refused),
      isOld,
      user,
    };
  };
  for await (const page of readOpenWaits(tx, { orgId, groups })) {
    const ended = page.flatMap((wait): EndedWait[] => {
      const { rolloutId, seq } = wait;
      const { over, isOver } = endedChanges(factsOf(wait));
      return over.length === 0 && !isOver ? [] : [{ rolloutId, seq, changes: over, isOver }];
    });
    await recordEndedWaits(tx, ended);
  }
}
