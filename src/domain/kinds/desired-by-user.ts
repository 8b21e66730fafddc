import { memoized } from '../model/memoized';
import type { OrgSettings } from '../model/settings';
import type { Template } from '../model/template';
import { desiredFor } from '../templates/compose-templates';
import type { DecideTools } from './change-kind';

export interface DesiredByUserInput {
  templates: readonly Template[];
  settings: Pick<OrgSettings, 'compositionMode' | 'callingOffers'>;
  /** Otherwise the organization template leaves out explicit users (R20). */
  includesExplicitUsers: boolean;
}

/** What all templates together grant a user (R11), computed once for equal memberships. */
export function desiredByUser(input: DesiredByUserInput): DecideTools['desiredBy'] {
  const { templates, settings, includesExplicitUsers } = input;
  const { compositionMode: mode, callingOffers } = settings;
  const isLeftOut = (isExplicit: boolean) => isExplicit && !includesExplicitUsers;
  return memoized(
    ({ groupIds, isExplicit }) => `${groupIds.join()} ${isLeftOut(isExplicit)}`,
    ({ groupIds, isExplicit }) =>
      desiredFor({
        groupIds,
        templates,
        mode,
        callingOffers,
        withoutOrganization: isLeftOut(isExplicit),
      }),
  );
}
