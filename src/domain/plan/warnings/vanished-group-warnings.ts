import type { PlanContext } from '../../kinds/plan-context';
import type { PlanWarning } from '../../model/warning';

/** Templates whose group the last check didn't show (R33). */
export function vanishedGroupWarnings(
  context: Pick<PlanContext, 'templates' | 'ending' | 'vanishedGroups' | 'groupNames'>,
): PlanWarning[] {
  const { templates, ending, vanishedGroups, groupNames } = context;
  return [...templates, ...(ending ? [ending] : [])].flatMap(({ name, scope }) => {
    if (scope.kind !== 'group' || !vanishedGroups.includes(scope.groupId)) return [];
    const group = groupNames?.get(scope.groupId) ?? scope.groupId;
    const text = `The last check didn't show the group "${group}" of template "${name}". Its members lose nothing by this plan.`;
    return [{ code: 'group-vanished', text, rule: 'R33' }];
  });
}
