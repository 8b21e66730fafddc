import type { Queryable } from '../../db/connect';
import type { PersonFinding } from '../../db/watch/reactions';
import { templatedAmong } from '../../db/watch/watch-members';
import { markWatched, unwatchedUsers, type UnwatchedUser } from '../../db/watch/watch-people';
import type { Template } from '../../domain/model/template';
import type { License } from '../../domain/model/license';
import { judgeFirstSight, type FirstLicense } from '../../domain/watch/judge-first-sight';
import { offerOfLicenseId } from '../../domain/model/webex-id';

const usersPerPage = 1_000;

export interface FirstSights {
  findings: PersonFinding[];
  /** Existing users seen for the first time: they are left alone (R15). */
  existing: number;
}

/**
 * Classifies and records all users whom the watch sees for the first time (R15, R20, R21), and finds
 * those to reconcile: new users to whom a template may apply (R14, R24).
 */
export async function findFirstSights(
  tx: Queryable,
  input: {
    orgId: string;
    templates: readonly Template[];
    licenses: readonly License[];
    baselineAt: Date;
  },
): Promise<FirstSights> {
  const { orgId, templates, licenses, baselineAt } = input;
  const isForAll = templates.some(({ scope }) => scope.kind === 'organization');
  const siteTypes = new Map(licenses.map(({ id, siteType }) => [id, siteType]));
  const findings: PersonFinding[] = [];
  let existing = 0;
  for (;;) {
    const page = await unwatchedUsers(tx, orgId, usersPerPage);
    const sights = page.map((user) => ({
      personId: user.personId,
      ...judgeFirstSight({ ...user, baselineAt, licenses: firstLicenses(user, siteTypes) }),
    }));
    if (sights.length > 0) await markWatched(tx, orgId, sights);
    const found = sights.flatMap(({ personId, cause }) => (cause ? [{ personId, cause }] : []));
    existing += sights.length - found.length;
    const members = isForAll
      ? new Set<string>()
      : await templatedAmong(
          tx,
          orgId,
          found.map(({ personId }) => personId),
        );
    for (const { personId, cause } of found) {
      const reaction = { mode: 'new' as const, causes: [cause] };
      findings.push({ personId, reaction, isDue: isForAll || members.has(personId) });
    }
    if (page.length < usersPerPage) return { findings, existing };
  }
}

function firstLicenses(
  { licenseIds }: UnwatchedUser,
  siteTypes: ReadonlyMap<string, string | null>,
): FirstLicense[] {
  return licenseIds.map((id) => ({
    offer: offerOfLicenseId(id) ?? 'unknown',
    siteType: siteTypes.get(id) ?? null,
  }));
}
