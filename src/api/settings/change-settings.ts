import type { z } from 'zod';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { passOwnership } from '../../db/templates/pass-ownership';
import { readSettings, saveSettings, type StoredSettings } from '../../db/admin/settings';
import { listTemplates } from '../../db/templates/templates';
import type { CallingOffers, OrgSettings } from '../../domain/model/settings';
import { templateAddress } from '../http/parameters/addresses';
import type { ApiDeps } from '../http/deps';
import type { RequireMatch } from '../http/entity-tag';
import { Problem } from '../http/problem';
import type { Caller } from '../../roles';
import { settingsTag } from './settings-view';
import { settingsDifference } from './settings-difference';
import type { settingsBody } from './schema';

const mostSettingsBytes = 1_000_000;

/** Saves changes over `base`, or over what is in force where `base` is null. */
export async function changeSettings(
  deps: ApiDeps,
  save: {
    organization: OrganizationRow;
    caller: Caller;
    changes: z.output<typeof settingsBody>;
    base: OrgSettings | null;
    requireMatch: RequireMatch;
  },
): Promise<StoredSettings> {
  const { orgId } = save.organization;
  return deps.db.transaction(async (tx) => {
    await findOrganization(tx, { orgId }, true);
    const present = await readSettings(tx, orgId);
    save.requireMatch(settingsTag(present));
    const { settings: current } = present;
    const settings = overlay(save.base ?? current, save.changes);
    refuseUnconfirmed(current, settings, save.changes.confirm ?? []);
    refuseTooLarge(settings);
    if (settings.compositionMode === 'exclusive') {
      const templates = await listTemplates(tx, orgId);
      const kinds = new Set(templates.map(({ row }) => row.scope));
      if (kinds.size > 1) {
        throw new Problem(
          'composition-conflict',
          'There are organization and group templates: delete those of one kind before you set the mode to exclusive.',
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
      details: { changed: settingsDifference(current, settings) },
    });
    return stored;
  });
}

/** Codes that were left out are unchanged; null removes one. */
function callingOffersOf(codes: {
  [Name in keyof CallingOffers]: string | null | undefined;
}): CallingOffers {
  const given = Object.entries(codes).filter(([, code]) => typeof code === 'string');
  const offers = Object.fromEntries(given) as CallingOffers;
  if (new Set(Object.values(offers)).size === given.length) return offers;
  const detail = 'Two calling offers would have the same code: codes must be different.';
  throw new Problem('invalid-request', detail, {
    errors: [{ pointer: '/callingOffers', code: 'invalid-value', detail }],
  });
}

/** Values that a change names replace those of the base. Other values are kept. */
function overlay(base: OrgSettings, changes: z.output<typeof settingsBody>): OrgSettings {
  const { attendeeSites, siteAdministrators, callingOffers, watch } = changes;
  return {
    ...base,
    ...withoutUndefined(plainSettings(changes)),
    ...withoutUndefined({
      attendeeSites: attendeeSites && sorted(attendeeSites),
      siteAdministrators: siteAdministrators?.map(({ site, users }) => ({
        site,
        users: sorted(users),
      })),
    }),
    callingOffers: callingOffersOf({ ...base.callingOffers, ...callingOffers }),
    watch: { ...base.watch, ...withoutUndefined(watch ?? {}) },
  };
}

/** Settings that are stored as given. */
function plainSettings(changes: z.output<typeof settingsBody>) {
  const { compositionMode, subscriptions, verification, maxMemberDropPercent } = changes;
  const { preserveOnGroupTransition, includeParentGroups } = changes;
  return {
    compositionMode,
    subscriptions,
    verification,
    maxMemberDropPercent,
    preserveOnGroupTransition,
    includeParentGroups,
  };
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the keys whose value is undefined. */
function withoutUndefined<T extends object>(values: T): Partial<Given<T>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Given<T>>;
}

/** R31a: templates that no longer reach a user pass on the ownership of what they granted (R3). */
async function passOwnershipOfAll(tx: Queryable, orgId: string): Promise<void> {
  for (const { row } of await listTemplates(tx, orgId)) {
    await passOwnership(tx, orgId, row.templateId);
  }
}

/** Settings are read with every plan, and are part of the audit log where they change. */
function refuseTooLarge(settings: OrgSettings): void {
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes <= mostSettingsBytes) return;
  throw new Problem(
    'invalid-request',
    `The settings would have ${bytes} bytes, and at most ${mostSettingsBytes} are possible: shorten the longest lists.`,
  );
}

/** R29a: from then on group changes remove licenses automatically. */
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
    'With preserveOnGroupTransition off, users who join, leave or change groups lose every license that no template grants them, including manually assigned ones. ' +
      `Nothing was saved: send the request again with ${JSON.stringify(confirmWith)}.`,
    { members: { confirmWith } },
  );
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
