import type { Decision } from '../decide/decision';
import { decideUser } from '../decide/decide-user';
import { leaveOutOffers, leaveOutUser } from '../decide/leave-out';
import { nameEndedWaits } from '../decide/name-ended-waits';
import type { Candidate, KnownUser } from '../kinds/candidate';
import type { DecideTools } from '../kinds/change-kind';
import { desiredByUser } from '../kinds/desired-by-user';
import { kindOf } from '../kinds/kind-of';
import type { PlanContext } from '../kinds/plan-context';
import { scopeOf } from '../kinds/reach';
import { holdingsIn, type LicenseIndex } from '../licenses/license-index';
import { applyChanges } from '../model/apply-changes';
import { memoized } from '../model/memoized';
import type { OrgSettings, SiteAdministrators } from '../model/settings';

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
  const offers = new Set(request.except?.offers);
  const leaveOut = (candidate: Candidate, decision: Decision | null) => {
    if (decision === null) return null;
    if (candidate.isLeftOut === true) return leaveOutUser(decision);
    if (offers.size === 0) return decision;
    const held = holdingsIn(index, candidate.holdings.licenses);
    return leaveOutOffers(decision, { offers, held, callingOffers: settings.callingOffers });
  };
  const decideOne = (candidate: Candidate) => leaveOut(candidate, decide(candidate));
  const decideOnce = memoized(
    (candidate: Candidate) => signatureOf(candidate, sitesOf(candidate)),
    (candidate) => ({ decision: withEndedWaits(candidate, decideOne) }),
  );
  return (candidate) => (isInScope(candidate) ? decideOnce(candidate).decision : null);
}

/** R107: what the plan says about changes for which the user waits since earlier rollouts. */
function withEndedWaits(
  candidate: Candidate,
  decide: (candidate: Candidate) => Decision | null,
): Decision | null {
  const decision = decide(candidate);
  const { waits = [], holdings } = candidate;
  if (decision === null || decision.isExcluded === true || waits.length === 0) return decision;
  const additions = waits.filter(({ operation }) => operation === 'add');
  const ifHeld = decide({ ...candidate, holdings: applyChanges(holdings, additions) });
  return ifHeld === null ? decision : nameEndedWaits({ decision, waits, ifHeld });
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

/** R39: the sites that a user administers according to the settings. */
function administeredSites(siteAdministrators: readonly SiteAdministrators[]): SitesOf {
  const byEmail = new Map<string, Set<string>>();
  for (const { site, users } of siteAdministrators) {
    for (const user of users) {
      const email = user.toLowerCase();
      byEmail.set(email, (byEmail.get(email) ?? new Set()).add(site.toLowerCase()));
    }
  }
  return ({ email }) => (byEmail.size === 0 ? undefined : byEmail.get(email.toLowerCase()));
}

/** Everything that a decision depends on. Most users have nothing but groups and holdings. */
function signatureOf(candidate: Candidate, administers: ReadonlySet<string> | undefined): string {
  const { groupIds, holdings, isExplicit, provenance, calling, isLeftOut, waits } = candidate;
  const sites = holdings.attendeeSites?.join() ?? '?';
  const base = `${String(isLeftOut)} ${groupIds.join()} ${holdings.licenses.join()} ${sites}`;
  const cause = calling && !calling.can ? calling : undefined;
  const hasOrigins = Object.keys(provenance).length > 0;
  const isPlain = candidate.from === 'templates' && !administers && !isExplicit && !cause && !waits;
  if (isPlain && !hasOrigins) return base;
  const administered = [...(administers ?? [])];
  const rare = [isExplicit, provenance, saidOf(candidate), cause, administered, waits];
  return `${base} ${JSON.stringify(rare)}`;
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
