import type { License } from '../model/license';
import type { OrgSettings } from '../model/settings';
import type { Template } from '../model/template';
import type { PeopleFigures } from '../watch/people-figures';
import type { RefusedList } from '../watch/refused-list';
import type { RolloutRequest } from '../request/rollout-request';

/** The templates to plan with, as they will govern. */
export interface TemplatesToPlan {
  /** The revision that is rolled out stands in place of the one in force. */
  templates: Template[];
  /** The template that `delete-template` ends; it isn't among `templates`. */
  ending: Template | null;
}

/** Everything that planning reads except the users. */
export interface PlanContext extends TemplatesToPlan {
  licenses: License[];
  settings: OrgSettings;
  request: RolloutRequest;
  /** Groups that hold a template and that the last check didn't show (R33). */
  vanishedGroups: readonly string[];
  /** People seen and promised (R87). */
  people?: PeopleFigures;
  /** Lists of the directory that aren't believed (R88): what is missing from them still counts. */
  refusedLists?: readonly RefusedList[];
  /** Their display names, for warnings; without them groups are named by id. */
  groupNames?: ReadonlyMap<string, string>;
}

/** The request names something that isn't there to plan with. */
export class PlanImpossibleError extends Error {
  override readonly name = 'PlanImpossibleError';
}
