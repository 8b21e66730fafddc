import { systemActor } from '../../domain/model/actor';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { endTemplatesOfDeletedGroups } from '../../db/watch/deleted-groups';
import { readGroupCovers } from '../../db/directory/group-covers';
import { endUnusedRefusals } from '../../db/directory/beliefs/refusals';
import { listLicenses } from '../../db/directory/find-directory';
import { addFindings, type PersonFinding } from '../../db/watch/reactions';
import { readSettings } from '../../db/admin/settings';
import { listTemplates, templatesInForce } from '../../db/templates/templates';
import { comparableGroups, compareMembers, forgetOtherGroups } from '../../db/watch/watch-members';
import { markBaseline } from '../../db/watch/watch-people';
import { lockWatchState, saveLook, type WatchCursor } from '../../db/watch/watch-state';
import { countCauses, type CauseCounts } from '../../domain/watch/count-causes';
import type { Template } from '../../domain/model/template';
import type { OrgSettings } from '../../domain/model/settings';
import { findFirstSights } from './find-first-sights';
import { findTransitions } from './find-transitions';
import { findWaiting } from './find-waiting';
import type { DirectoryCheck } from '../directory/directory-check';

export interface Detected {
  isBaseline: boolean;
  found: CauseCounts;
}

/**
 * Compares the mirror with what the watch remembers, and stores findings, memory and cursor in one
 * transaction: a check that is cut off finds the same again, and nobody twice. The first check changes
 * nobody (R15).
 */
export async function detectChanges(tx: Queryable, check: DirectoryCheck): Promise<Detected> {
  const { orgId, beganAt } = check;
  const before = await lockWatchState(tx, orgId);
  const { settings } = await readSettings(tx, orgId);
  const baselineAt = before.baselineAt ?? (check.isFull ? beganAt : null);
  const cursor = nextCursor(before.cursor, check, settings);
  const state = { orgId, baselineAt, cursor, readBy: check.readBy, lastError: check.trouble };
  if (before.cursor.includeParentGroups !== settings.includeParentGroups) {
    await forgetOtherGroups(tx, orgId, []);
  }
  if (before.baselineAt === null) {
    const users = baselineAt === null ? 0 : await markBaseline(tx, orgId, baselineAt);
    const groups = await memberChanges(tx, { orgId, settings });
    await saveLook(tx, state);
    const details = { users, groups: groups.compared };
    await recordAudit(tx, {
      orgId,
      actor: systemActor,
      action: 'watch.baseline',
      target: 'watch',
      details,
    });
    return { isBaseline: true, found: {} };
  }
  const lost = await endTemplatesOfDeletedGroups(tx, orgId);
  const { templates, changes } = await memberChanges(tx, { orgId, settings });
  const licenses = await listLicenses(tx, orgId);
  const sights = await findFirstSights(tx, {
    orgId,
    templates,
    licenses,
    baselineAt: before.baselineAt,
  });
  const findings: PersonFinding[] = [
    ...findTransitions({ changes, lost, preserve: settings.preserveOnGroupTransition }),
    ...sights.findings,
  ];
  await addFindings(tx, orgId, findings);
  const waiting = await findWaiting(tx, orgId);
  await addFindings(tx, orgId, waiting);
  await saveLook(tx, state);
  const found = countCauses([...findings, ...waiting].map(({ reaction }) => reaction));
  if (findings.length + waiting.length > 0) {
    const event = { orgId, actor: systemActor, action: 'watch.found', target: 'watch' };
    await recordAudit(tx, { ...event, details: { ...found } });
  }
  return { isBaseline: false, found };
}

async function memberChanges(
  tx: Queryable,
  { orgId, settings }: { orgId: string; settings: OrgSettings },
) {
  const templates = await templatesInForce(tx, orgId);
  const templated = groupsOf(templates);
  // Baselines of drafts are kept: the plan that tries one has stored it (R91).
  const living = await listTemplates(tx, orgId);
  await forgetOtherGroups(
    tx,
    orgId,
    living.flatMap(({ row }) => row.groupId ?? []),
  );
  await endUnusedRefusals(tx, orgId);
  const groupIds = await comparableGroups(tx, orgId, templated);
  const includeInner = settings.includeParentGroups;
  const covers = await readGroupCovers(tx, { orgId, groupIds, includeInner });
  return {
    templates,
    compared: groupIds.length,
    changes: await compareMembers(tx, orgId, covers),
  };
}

function groupsOf(templates: readonly Template[]): string[] {
  return templates.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.groupId] : [])).sort();
}

/** The cursor only moves forward, and never past the start of the check: later changes will still be shown. */
function nextCursor(
  before: WatchCursor,
  check: DirectoryCheck,
  settings: OrgSettings,
): WatchCursor {
  const known = before.lastModified ? new Date(before.lastModified) : null;
  const newest = Math.max(known?.getTime() ?? 0, check.newest?.getTime() ?? 0);
  const began = check.beganAt.getTime();
  const at = newest > 0 ? Math.min(newest, began) : began;
  return {
    lastModified: new Date(Math.max(at, known?.getTime() ?? 0)).toISOString(),
    ...(check.isFull
      ? { fullLookAt: check.startedAt.toISOString() }
      : before.fullLookAt
        ? { fullLookAt: before.fullLookAt }
        : {}),
    unread: [...check.unread],
    includeParentGroups: settings.includeParentGroups,
  };
}
