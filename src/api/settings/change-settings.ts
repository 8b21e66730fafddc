import type { z } from 'zod';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { passOwnership } from '../../db/templates/pass-ownership';
import { readSettings, saveSettings, type StoredSettings } from '../../db/admin/settings';
import { listTemplates } from '../../db/templates/templates';
import type { CallingOffers, OrgSettings } from '../../domain/model/settings';
import { templateAddress } from '../http/addresses';
import type { ApiDeps } from '../http/deps';
import { Problem } from '../http/problem';
import type { Caller } from '../../roles';
import type { settingsBody } from './schema';

/** Saves changes over `base`, or over what is in force where `base` is null. */
export async function changeSettings(
  deps: ApiDeps,
  save: {
    organization: OrganizationRow;
    caller: Caller;
    changes: z.output<typeof settingsBody>;
    base: OrgSettings | null;
  },
): Promise<StoredSettings> {
  const { orgId } = save.organization;
  return deps.db.transaction(async (tx) => {
    await findOrganization(tx, { orgId }, true);
    const { settings: current } = await readSettings(tx, orgId);
    const settings = overlay(save.base ?? current, save.changes);
    refuseUnconfirmed(current, settings, save.changes.confirm ?? []);
    if (settings.compositionMode === 'exclusive') {
      const templates = await listTemplates(tx, orgId);
      const kinds = new Set(templates.map(({ row }) => row.scope));
      if (kinds.size > 1) {
        throw new Problem(
          'composition-conflict',
          'There are organization and group templates: delete those of one kind before going to exclusive (R2).',
          {
            members: { templates: templates.map(({ row }) => templateAddress(orgId, row.groupId)) },
          },
        );
      }
    }
    const stored = await saveSettings(tx, orgId, settings);
    const coversOthers =
      settings.compositionMode !== current.compositionMode ||
      settings.includeParentGroups !== current.includeParentGroups;
    if (coversOthers) await passOwnershipOfAll(tx, orgId);
    await recordAudit(tx, {
      orgId,
      actor: save.caller,
      action: 'settings.saved',
      target: 'settings',
      details: { before: current, after: settings },
    });
    return stored;
  });
}

/** Codes that were left out stay as they were; null takes one away. */
function callingOffersOf(codes: {
  [Name in keyof CallingOffers]: string | null | undefined;
}): CallingOffers {
  const given = Object.entries(codes).filter(([, code]) => typeof code === 'string');
  const offers = Object.fromEntries(given) as CallingOffers;
  if (new Set(Object.values(offers)).size === given.length) return offers;
  const detail =
    'Two of the calling offers would have the same code: every offer has one of its own.';
  throw new Problem('invalid-request', detail, {
    errors: [{ pointer: '/callingOffers', code: 'invalid-value', detail }],
  });
}

function overlay(base: OrgSettings, changes: z.output<typeof settingsBody>): OrgSettings {
  return {
    compositionMode: changes.compositionMode ?? base.compositionMode,
    subscriptions: changes.subscriptions ?? base.subscriptions,
    attendeeSites: changes.attendeeSites ? sorted(changes.attendeeSites) : base.attendeeSites,
    callingOffers: callingOffersOf({ ...base.callingOffers, ...changes.callingOffers }),
    verification: changes.verification ?? base.verification,
    preserveOnGroupTransition: changes.preserveOnGroupTransition ?? base.preserveOnGroupTransition,
    includeParentGroups: changes.includeParentGroups ?? base.includeParentGroups,
    maxMemberDropPercent: changes.maxMemberDropPercent ?? base.maxMemberDropPercent,
    siteAdministrators: changes.siteAdministrators
      ? changes.siteAdministrators.map(({ site, users }) => ({ site, users: sorted(users) }))
      : base.siteAdministrators,
    watch: {
      intervalSeconds: changes.watch?.intervalSeconds ?? base.watch.intervalSeconds,
      floodLimit: changes.watch?.floodLimit ?? base.watch.floodLimit,
    },
  };
}

/** R31a: templates that no longer reach somebody pass on what they gave, and nobody loses it (R3). */
async function passOwnershipOfAll(tx: Queryable, orgId: string): Promise<void> {
  for (const { row } of await listTemplates(tx, orgId)) {
    await passOwnership(tx, orgId, row.templateId);
  }
}

/** R29a: from then on group moves take licenses by themselves. */
function refuseUnconfirmed(
  current: OrgSettings,
  wanted: OrgSettings,
  confirmed: readonly 'preserveOnGroupTransition'[],
): void {
  const isSwitchedOff = current.preserveOnGroupTransition && !wanted.preserveOnGroupTransition;
  if (!isSwitchedOff || confirmed.includes('preserveOnGroupTransition')) return;
  const confirmWith = { confirm: ['preserveOnGroupTransition'] };
  throw new Problem(
    'confirmation-required',
    'With preserveOnGroupTransition off, whoever joins, leaves or changes groups loses every license that no template grants them, manually assigned ones too (R29). ' +
      `Nothing was saved: send the request again with ${JSON.stringify(confirmWith)}.`,
    { members: { confirmWith } },
  );
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
