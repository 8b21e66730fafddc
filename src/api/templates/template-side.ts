import type { OrganizationRow } from '../../db/directory/find-directory';
import { isUngoverned } from '../../db/templates/group-baseline';
import { findTemplate } from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import type { PlanWarning } from '../../domain/model/warning';
import { toWebexId } from '../../domain/model/webex-id';
import { requireGroup } from '../directory/resolve-references';
import type { RawExchange } from '../http/exchange';
import type { ProblemCode } from '../http/problem';
import { requestCheck } from '../watch/request-check';
import { groupWarnings, refuseUnusableGroup } from './group-for-template';

/** What the endpoints of one template read of a request. Only the group's have a `groupId`. */
export interface SideExchange extends RawExchange {
  organization: OrganizationRow;
  params: { groupId: string };
}

/** Where a template is to be saved or previewed. */
export interface TemplateTarget {
  scope: TemplateScope;
  /** Name of a template that is saved for the first time without one. */
  fallbackName: string;
  warnings: PlanWarning[];
}

/** The organization has one template, and each group can have one: the same endpoints at two addresses. */
export interface TemplateSide {
  path:
    | '/v1/organizations/{orgId}/templates/organization'
    | '/v1/organizations/{orgId}/templates/groups/{groupId}';
  /** In summaries: which template. */
  template: string;
  /** Sentences about groups, for descriptions. */
  groupNote: string;
  /** Problems of naming a group, and of a group that can't have a template. */
  nameProblems: readonly ProblemCode[];
  groupProblems: readonly ProblemCode[];
  scope(exchange: SideExchange): Promise<TemplateScope>;
  target(exchange: SideExchange): Promise<TemplateTarget>;
  /** Before a revision that governs at once. */
  beforeGoverning(exchange: SideExchange, target: TemplateTarget): Promise<void>;
  afterCreation(exchange: SideExchange): Promise<void>;
}

export const organizationSide: TemplateSide = {
  path: '/v1/organizations/{orgId}/templates/organization',
  template: 'the organization template',
  groupNote: '',
  nameProblems: [],
  groupProblems: [],
  scope: () => Promise.resolve({ kind: 'organization' }),
  target: ({ organization }) =>
    Promise.resolve({
      scope: { kind: 'organization' },
      fallbackName: organization.displayName,
      warnings: [],
    }),
  beforeGoverning: () => Promise.resolve(),
  afterCreation: () => Promise.resolve(),
};

/**
 * R91: before a group's first template, its members are read: who came or left while no template
 * governed has neither joined nor left. Without an answer the template is saved all the same, with the
 * last whole read as its baseline, or governing from the next check.
 */
async function readMembersFirst(
  { deps, organization, request }: SideExchange,
  { scope }: TemplateTarget,
): Promise<void> {
  if (scope.kind !== 'group') return;
  const { orgId, orgUuid } = organization;
  const { groupId } = scope;
  if (!(await isUngoverned(deps.db, { orgId, groupId }))) return;
  try {
    await deps.jobs.readMembers({ orgId, orgUuid, groupId });
  } catch (error) {
    request.log.warn(
      { err: error },
      'the members of a group could not be read before its template',
    );
  }
}

export const groupSide: TemplateSide = {
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}',
  template: 'the template of a group',
  groupNote: ' The group of a location and a distribution group are refused.',
  nameProblems: ['ambiguous-name'],
  groupProblems: ['ambiguous-name', 'group-not-usable'],
  async scope({ deps, organization, params }) {
    const groupId = toWebexId('group', params.groupId, organization.orgUuid);
    if (groupId !== undefined) {
      // A template outlives a group that is no longer visible (R33): it can still be read and deleted.
      const scope: TemplateScope = { kind: 'group', groupId };
      if (await findTemplate(deps.db, organization.orgId, scope)) return scope;
    }
    const group = await requireGroup(deps.db, organization, params.groupId);
    return { kind: 'group', groupId: group.groupId };
  },
  async target({ deps, organization, params }) {
    const group = await requireGroup(deps.db, organization, params.groupId);
    refuseUnusableGroup(group);
    const { groupId, displayName } = group;
    return {
      scope: { kind: 'group', groupId },
      fallbackName: displayName,
      warnings: groupWarnings(group),
    };
  },
  beforeGoverning: readMembersFirst,
  // Later members have to be told apart from those who are members now.
  afterCreation: (exchange) => requestCheck(exchange, exchange.organization),
};
