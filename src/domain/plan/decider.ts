import type { Decision } from '../decide/decision';
import { decideUser } from '../decide/decide-user';
import type { Candidate, KnownUser } from '../kinds/candidate';
import type { DecideTools } from '../kinds/change-kind';
import { desiredByUser } from '../kinds/desired-by-user';
import { kindOf } from '../kinds/kind-of';
import type { PlanContext } from '../kinds/plan-context';
import { scopeOf } from '../kinds/reach';
import type { LicenseIndex } from '../licenses/license-index';
import { normalizedAddress } from '../model/address';
import { memoized } from '../model/memoized';
import type { OrgSettings, SiteAdministrators } from '../model/settings';
import { completingDecisions } from './complete-decision';

/** Decides about candidates; null: out of scope. */
export type Decider = (candidate: Candidate) => Decision | null;

/** Users who hold the same and belong to the same groups are decided about once. */
export function createDecider(context: PlanContext, index: LicenseIndex): Decider {
  const { request, settings } = context;
  const kind = kindOf(request.change);
  const isInScope = scopeOf(kind.reach(context, request));
  const sitesOf = administeredSites(settings.siteAdministrators);
  const includesExplicitUsers = kind.includesExplicitUsers(context, request);
  const decide = kind.decide({
    ...context,
    terms: request,
    preservesOnTransition: settings.preserveOnGroupTransition,
    callingOffers: settings.callingOffers,
    index,
    desiredBy: desiredByUser({ ...context, includesExplicitUsers }),
    decideBy: decidingBy(settings, index, sitesOf),
  });
  const complete = completingDecisions(context, index);
  const decideOnce = memoized(
    (candidate: Candidate) => signatureOf(candidate, sitesOf(candidate)),
    (candidate) => ({ decision: complete(candidate, decide) }),
  );
  return (candidate) => (isInScope(candidate) ? decideOnce(candidate).decision : null);
}

type SitesOf = (user: KnownUser) => ReadonlySet<string> | undefined;

function decidingBy(
  { attendeeSites, callingOffers }: OrgSettings,
  index: LicenseIndex,
  sitesOf: SitesOf,
): DecideTools['decideBy'] {
  const attendeeFeature = new Set(attendeeSites.map((site) => site.toLowerCase()));
  return (policy, user) => {
    const administers = sitesOf(user);
    return decideUser({
      policy,
      holdings: user.holdings,
      index,
      callingOffers,
      attendeeFeature,
      ...(administers ? { administers } : {}),
      ...(user.calling ? { calling: user.calling } : {}),
    });
  };
}

/** R39: the sites that a user administers according to the settings, by whichever address. */
function administeredSites(siteAdministrators: readonly SiteAdministrators[]): SitesOf {
  const byAddress = new Map<string, Set<string>>();
  for (const { site, users } of siteAdministrators) {
    for (const user of users) {
      const address = normalizedAddress(user);
      byAddress.set(address, (byAddress.get(address) ?? new Set()).add(site.toLowerCase()));
    }
  }
  if (byAddress.size === 0) return () => undefined;
  return ({ email, addresses = [] }) => {
    const known = [email, ...addresses].map(normalizedAddress);
    const sites = known.flatMap((address) => [...(byAddress.get(address) ?? [])]);
    return sites.length === 0 ? undefined : new Set(sites.sort());
  };
}

/** Everything that a decision depends on. Most users have nothing but groups and holdings. */
function signatureOf(candidate: Candidate, administers: ReadonlySet<string> | undefined): string {
  const { groupIds, holdings, isLeftOut } = candidate;
  const sites = holdings.attendeeSites?.join() ?? '?';
  const base = `${String(isLeftOut)} ${groupIds.join()} ${holdings.licenses.join()} ${sites}`;
  const rare = [rareFactsOf(candidate), administers && [...administers]];
  return rare.every((one) => one === undefined) ? base : `${base} ${JSON.stringify(rare)}`;
}

/** What few users have; undefined for the others. */
function rareFactsOf(candidate: Candidate): unknown[] | undefined {
  const { from, isExplicit, provenance, calling, waits, turnedOff, doubtfulGroupIds } = candidate;
  const cause = calling && !calling.can ? calling : undefined;
  const facts = [cause, waits, turnedOff, doubtfulGroupIds];
  const isUsual = from === 'templates' && !isExplicit && Object.keys(provenance).length === 0;
  if (isUsual && facts.every((one) => one === undefined)) return undefined;
  return [isExplicit, provenance, saidOf(candidate), ...facts];
}

/** The facts of the change about this user. */
function saidOf(candidate: Candidate): unknown {
  switch (candidate.from) {
    case 'templates':
      return null;
    case 'csv':
      return candidate.wish;
    case 'reconcile':
      return [candidate.reaction, candidate.waiting];
    case 'restore-services':
      return candidate.taken;
  }
}
