import type { License } from '../model/license';
import type { OrgSettings } from '../model/settings';
import type { Template } from '../model/template';
import type { RolloutRequest } from '../request/rollout-request';

/** All that planning looks at, beside the users. */
export interface PlanContext {
  /** As they would govern: the revision that is rolled out stands in place of the one in force. */
  templates: Template[];
  licenses: License[];
  settings: OrgSettings;
  request: RolloutRequest;
  /** Groups that hold a template and that the last look didn't show (R33). */
  vanishedGroups: readonly string[];
  /** Their display names, for warnings; without them groups are named by id. */
  groupNames?: ReadonlyMap<string, string>;
  /** The template that `delete-template` ends; it isn't among `templates`. */
  ending: Template | null;
}

/** The request names a template that isn't among those it should be planned with. */
export class PlanImpossibleError extends Error {
  override readonly name = 'PlanImpossibleError';
}
