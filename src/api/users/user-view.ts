import { readGroupNames } from '../../db/directory/group-names';
import type { Queryable } from '../../db/connect';
import {
  findUsers,
  groupsOfUser,
  type OrganizationRow,
  type UserRow,
} from '../../db/directory/find-directory';
import { listGivenUp } from '../../db/watch/given-up';
import { listOwedUsers } from '../../db/users/owed-users';
import { listLedger } from '../../db/users/ledger';
import { listGivers, listReactions, listRolloutsOfUser } from '../../db/users/user-history';
import { attendeeKey } from '../../domain/model/target-key';
import { toWebexId } from '../../domain/model/webex-id';
import { rolloutAddress } from '../http/parameters/addresses';
import type { ApiDeps } from '../http/deps';
import { notFound } from '../http/problem';
import { readExplanation } from './read-explanation';
import { userHoldings, userBriefView } from '../directory/directory-view';
import { heldLicense, shouldHoldView } from './holdings-view';
import { nextView } from './next-view';
import { provenanceView } from './provenance-view';
import { groupsIn, reactionView } from './reaction-view';
import { openRowViews, rolloutOfUserView } from './rollouts-of-user-view';
import { standingView, templatedGroupViews } from './standing-view';

const historyLimit = 200;

/** One user: what they hold and should hold, why, and what changes next. */
export function userView(deps: ApiDeps, organization: OrganizationRow, given: string) {
  return deps.db.transaction((tx) => viewIn(tx, { organization, given }), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  });
}

async function viewIn(
  tx: Queryable,
  { organization, given }: { organization: OrganizationRow; given: string },
) {
  const row = await userOfAddress(tx, organization, given);
  const { orgId } = organization;
  const user = { orgId, personId: row.personId, limit: historyLimit };
  const groups = await groupsOfUser(tx, user);
  const givers = await listGivers(tx, user);
  const ledger = await listLedger(tx, user);
  const rollouts = await listRolloutsOfUser(tx, user);
  const reactions = await listReactions(tx, user);
  const explained = await readExplanation(tx, user);
  const [givenUp] = (await listGivenUp(tx, orgId, 1, row.personId)).first;
  const owed = (await listOwedUsers(tx, orgId, historyLimit, row.personId)).first;
  const { candidate, desired, reaction, templates } = explained;
  const causes = [reaction, ...reactions.map((one) => one.row)].flatMap((one) => one.causes);
  const named = [...groupsIn(causes), ...candidate.groupIds];
  const names = await readGroupNames(tx, orgId, [...new Set(named)]);

  const now = new Date();
  const { holdings, source } = userHoldings(row, now);
  const { provenance } = candidate;
  const why = (target: string) =>
    provenanceView({ orgId, target, provenance, givers, firstSeenAt: row.firstSeenAt });
  const held = holdings.licenses.map((id) => heldLicense(id, explained.licenses));
  const attendeeSites = holdings.attendeeSites ?? [];
  return {
    ...userBriefView(row, now),
    holdsSource: source,
    isNew: row.isNew,
    isExplicit: row.isExplicit,
    standing: standingView(row, explained, { givenUp, owed }),
    licenses: held.map((license) => ({ ...license, provenance: why(license.licenseId) })),
    attendeeAccounts: attendeeSites.map((site) => ({ site, provenance: why(attendeeKey(site)) })),
    shouldHold: shouldHoldView({ desired, held, attendeeSites, row: explained.reconciliation }),
    templates: desired.templates,
    groups: templatedGroupViews({ orgId, groups, groupIds: candidate.groupIds, templates, names }),
    next: nextView({ orgId, explained, rollouts, names }),
    reactions: reactions.map((one) => reactionView(orgId, one, names)),
    openRows: openRowViews(orgId, rollouts),
    ledger: ledger.map(({ at, operation, target, change, actor, rolloutId }) => ({
      at: at.toISOString(),
      operation,
      target,
      change,
      actor,
      rollout: rolloutAddress(orgId, rolloutId),
    })),
    rollouts: rollouts.map((one) => rolloutOfUserView(orgId, one)),
    asOf: row.readAt.toISOString(),
  };
}

async function userOfAddress(
  tx: Queryable,
  { orgId, orgUuid }: OrganizationRow,
  given: string,
): Promise<UserRow> {
  const id = given.includes('@') ? undefined : toWebexId('person', given, orgUuid);
  const wanted = id === undefined ? { ids: [], emails: [given] } : { ids: [id], emails: [] };
  const [row] = await findUsers(tx, { orgId, ...wanted });
  if (!row) throw notFound('user with this id or address');
  return row;
}
