import type { Queryable } from '../../db/connect';
import type { PersonFinding } from '../../db/watch/reactions';
import { templatedAmong } from '../../db/watch/watch-members';
import { markWatched, unwatchedUsers, type UnwatchedUser } from '../../db/watch/watch-people';
import type { Template } from '../../domain/model/template';
import type { License } from '../../domain/model/license';
import {
  judgeFirstSight,
  type FirstLicense,
  type FirstSight,
} from '../../domain/watch/judge-first-sight';
import { offerOfLicenseId } from '../../domain/model/webex-id';

const usersPerPage = 1_000;

export interface FirstSights {
  findings: PersonFinding[];
  /** Accounts that the watch never changes: machines, bots, users of other organizations. */
  ignored: number;
}

/**
 * Classifies and records all users whom the watch sees for the first time, or again (R15, R20, R21), and
 * finds those to reconcile: users to whom a template applies (R14, R24).
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
  let ignored = 0;
  for (;;) {
    const page = await unwatchedUsers(tx, orgId, usersPerPage);
    const sights = page.map((user) => ({
      personId: user.personId,
      ...judgeFirstSight({ ...user, baselineAt, licenses: firstLicenses(user, siteTypes) }),
    }));
    if (sights.length > 0) await markWatched(tx, orgId, sights);
    const found = sights.flatMap((sight) => findingOf(sight) ?? []);
    ignored += sights.length - found.length;
    const members = await templatedAmong(
      tx,
      orgId,
      found.map(({ personId }) => personId),
    );
    for (const { isExplicit, ...finding } of found) {
      // R20: the organization template alone is no reason to reconcile an explicit user.
      const isDue = (isForAll && !isExplicit) || members.has(finding.personId);
      findings.push({ ...finding, isDue });
    }
    if (page.length < usersPerPage) return { findings, ignored };
  }
}

function findingOf(sight: FirstSight & { personId: string }) {
  const { personId, cause, onlyGains, isExplicit } = sight;
  if (cause === null) return null;
  const mode = onlyGains ? ('add' as const) : ('new' as const);
  return { personId, isExplicit, reaction: { mode, causes: [cause] } };
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
