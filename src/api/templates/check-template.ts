import type { z } from 'zod';
import type { Queryable } from '../../db/connect';
import { listLicenses } from '../../db/directory/find-directory';
import { readSettings } from '../../db/admin/settings';
import type { Entitlement } from '../../domain/model/template';
import type { License } from '../../domain/model/license';
import type { OrgSettings } from '../../domain/model/settings';
import type { PlanWarning } from '../../domain/model/warning';
import { validateTemplate } from '../../domain/templates/validate-template';
import { notObserved } from '../http/not-observed';
import { Problem } from '../http/problem';
import type { previewBody } from './schema';

type EntitlementsBody = Pick<z.output<typeof previewBody>, 'entitlements'>;

export interface CheckedTemplate {
  /** As it is stored. */
  entitlements: Entitlement[];
  licenses: License[];
  settings: OrgSettings;
  warnings: PlanWarning[];
}

/** Checks a whole template against what the organization has (R34–R60): every fault at once. */
export async function checkTemplate(
  db: Queryable,
  given: { orgId: string; body: EntitlementsBody },
): Promise<CheckedTemplate> {
  const { orgId, body } = given;
  const licenses = await listLicenses(db, orgId);
  if (licenses.length === 0) throw notObserved(orgId);
  const { settings } = await readSettings(db, orgId);
  const verdict = validateTemplate({ entitlements: entitlementsOf(body), licenses, settings });
  if (verdict.faults.length > 0) {
    throw new Problem('invalid-template', 'The template is invalid: every fault is listed.', {
      errors: verdict.faults.map(({ pointer, code, detail, rule }) => ({
        pointer,
        code,
        detail,
        rule,
      })),
    });
  }
  return { entitlements: verdict.normalized, licenses, settings, warnings: verdict.warnings };
}

/** Entitlements of a body, without the keys that were left out. */
function entitlementsOf({ entitlements }: EntitlementsBody): Entitlement[] {
  return entitlements.map(({ offer, site, accountType }) => ({
    offer,
    ...(site === undefined ? {} : { site }),
    ...(accountType === undefined ? {} : { accountType }),
  }));
}
