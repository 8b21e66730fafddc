import type { UserRow } from '../../db/directory/find-directory';
import type { OwedUser } from '../../db/users/owed-users';
import type { GivenUp } from '../../db/watch/given-up';
import { changePhrase } from '../../domain/licenses/change-label';
import { counted } from '../../domain/model/text/wording';
import { refOf } from '../../domain/templates/compose-templates';
import type { Template } from '../../domain/model/template';
import { templateAddress } from '../http/parameters/addresses';
import type { ReadExplanation } from './read-explanation';

/** What decides, in addition to templates and holdings, how a user is treated. */
export function standingView(
  row: UserRow,
  { candidate, vanishedGroups, desired }: ReadExplanation,
  { givenUp, owed }: { givenUp: GivenUp | undefined; owed: readonly OwedUser[] },
): { code: string; text: string; rule: string }[] {
  if (row.kind !== 'person') {
    return [{ code: 'not-a-person', text: `a ${row.kind} account: never changed`, rule: 'R17' }];
  }
  const remarks = [row.isNew ? newUser : existingUser];
  if (row.isExplicit) remarks.push(explicitUser);
  if (desired.templates.length === 0) remarks.push(withoutTemplate);
  if (candidate.groupIds.some((id) => vanishedGroups.includes(id))) remarks.push(spared);
  if (givenUp) remarks.push(leftToAPerson(givenUp));
  remarks.push(...owed.map(toBePutBack));
  return remarks;
}

/** The watch tries no more (R100). */
function leftToAPerson({ attempts, failure }: GivenUp) {
  const tried = `${counted(attempts, 'write')} failed${failure === null ? '' : ` (${failure})`}`;
  const text = `${tried}, and the watch tries no more: look at why, then use POST watch/retry`;
  return { code: 'given-up', text, rule: 'R100' };
}

/** Something was removed for nothing (R95). */
function toBePutBack({ putBack, detail, nextTryAt }: OwedUser) {
  const what = `to do: ${putBack.map(changePhrase).join(' and ')}`;
  const next = nextTryAt === null ? 'it is being tried' : `the next try is at ${nextTryAt}`;
  const text = [`something that was removed for nothing is owed, ${what}; ${next}`, detail];
  return { code: 'owed', text: text.filter(Boolean).join(': '), rule: 'R95' };
}

const newUser = {
  code: 'new',
  text: 'counted as new when first seen: templates reach them automatically, unless too many users appear at once',
  rule: 'R15',
};
const existingUser = {
  code: 'existing',
  text: 'existed before: templates reach them by rollouts to existing users and by group changes',
  rule: 'R23',
};
const explicitUser = {
  code: 'explicit',
  text:
    'created with a license of their own: the organization template does not cover them ' +
    'until a rollout of it to existing users includes them',
  rule: 'R20',
};
const withoutTemplate = { code: 'no-template', text: 'no template applies', rule: 'R22' };
const spared = {
  code: 'group-vanished',
  text: 'the last read did not show one of their groups: nothing is removed until the group is known to be deleted',
  rule: 'R33',
};

interface GroupsInput {
  orgId: string;
  groups: readonly { groupId: string; displayName: string }[];
  /** Groups whose templates count the user in, directly or by a group inside them (R10). */
  groupIds: readonly string[];
  templates: readonly Template[];
  names: ReadonlyMap<string, string>;
}

/** A user's groups, each with its template in force; then the groups around those. */
export function templatedGroupViews({ orgId, groups, groupIds, templates, names }: GroupsInput) {
  const view = (groupId: string, displayName: string, isDirect: boolean) => {
    const template = templates.find(
      ({ scope }) => scope.kind === 'group' && scope.groupId === groupId,
    );
    const address = templateAddress(orgId, groupId);
    return {
      groupId,
      displayName,
      isDirect,
      template: template ? { ...refOf(template), address } : null,
    };
  };
  const outer = groupIds.filter((id) => !groups.some(({ groupId }) => groupId === id));
  return [
    ...groups.map(({ groupId, displayName }) => view(groupId, displayName, true)),
    ...outer.map((id) => view(id, names.get(id) ?? id, false)),
  ];
}
