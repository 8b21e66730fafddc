import type { SearchAttributePair } from '@temporalio/common';
import { mainTaskQueue, rolloutWorkflowId } from './ids';
import { withoutAddresses } from '../domain/model/text/without-addresses';
import { orgAttribute, phaseAttribute, templateAttribute } from './search-attributes';
import type { RolloutInput } from './workflows';

/** A stored rollout whose workflow can be started. */
export interface StartableRollout {
  orgId: string;
  orgUuid: string;
  rolloutId: string;
  title: string;
  createdBy: string;
  templateId: string | null;
  automatic?: boolean;
}

/**
 * The options that start the workflow of a stored rollout; starting twice is harmless. With `id` as the
 * label of users, what people have written is shown without e-mail addresses.
 */
export function rolloutStart(
  row: StartableRollout,
  userLabels: 'email' | 'id' = 'email',
): {
  workflowId: string;
  taskQueue: string;
  workflowIdConflictPolicy: 'USE_EXISTING';
  workflowIdReusePolicy: 'REJECT_DUPLICATE';
  args: [RolloutInput];
  staticSummary: string;
  staticDetails: string;
  typedSearchAttributes: SearchAttributePair[];
} {
  const shown = (text: string) => (userLabels === 'id' ? withoutAddresses(text) : text);
  return {
    workflowId: rolloutWorkflowId(row.orgUuid, row.rolloutId),
    taskQueue: mainTaskQueue(row.orgUuid),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [
      {
        orgId: row.orgId,
        rolloutId: row.rolloutId,
        ...(row.automatic ? { automatic: true as const } : {}),
      },
    ],
    staticSummary: shown(row.title),
    staticDetails: shown(
      `Rollout \`${row.rolloutId}\`, requested by **${row.createdBy}**.\n\n${row.title}`,
    ),
    typedSearchAttributes: [
      { key: orgAttribute, value: row.orgUuid },
      { key: phaseAttribute, value: 'planning' },
      ...(row.templateId ? [{ key: templateAttribute, value: row.templateId }] : []),
    ],
  };
}
