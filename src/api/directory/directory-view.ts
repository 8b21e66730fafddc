import type { GroupRow, OrganizationRow, UserRow } from '../../db/directory/find-directory';
import { believedHoldings } from '../../domain/write/believed-holdings';
import { organizationAddress, templateAddress, userAddress } from '../http/parameters/addresses';

export function organizationBriefView(row: OrganizationRow) {
  return {
    orgId: row.orgId,
    orgUuid: row.orgUuid,
    displayName: row.displayName,
    observedAt: row.observedAt?.toISOString() ?? null,
    links: { self: organizationAddress(row.orgId) },
  };
}

export function groupView(row: GroupRow) {
  return {
    groupId: row.groupId,
    displayName: row.displayName,
    memberSize: row.memberSize,
    isLocation: row.isLocation,
    source: row.source,
    usage: row.usage,
    membersReadAt: row.membersReadAt?.toISOString() ?? null,
    missingSince: row.goneAt?.toISOString() ?? null,
    readAt: row.readAt.toISOString(),
    links: { template: templateAddress(row.orgId, row.groupId) },
  };
}

/** What a user is believed to hold (R80a), and whether that comes from a read or from an answer. */
export function userHoldings(row: UserRow, now: Date) {
  const { holdings, answerSettled } = believedHoldings({
    read: { licenses: row.licenses, attendeeSites: row.attendeeSites },
    readAtMs: row.readAt.getTime(),
    answered: row.answered,
    answeredAtMs: row.answeredAt?.getTime() ?? null,
    nowMs: now.getTime(),
  });
  const source = row.answered && !answerSettled ? ('answer' as const) : ('read' as const);
  return { holdings, source };
}

export function userBriefView(row: UserRow, now: Date) {
  return {
    personId: row.personId,
    email: row.email,
    displayName: row.displayName,
    kind: row.kind,
    status: row.status,
    holds: userHoldings(row, now).holdings,
    readAt: row.readAt.toISOString(),
    links: { self: userAddress(row.orgId, row.personId) },
  };
}
