import { z } from 'zod';
import { wholeNumberFrom } from '../../http/parameters/schema-parts';
import { phase } from '../schema';

const common = {
  reason: z.string().max(1_000).optional().meta({ description: 'Recorded in the audit log' }),
  expectedPhaseVersion: wholeNumberFrom(1).optional().meta({
    description:
      '`phaseVersion` as you last read it: the action is refused if the rollout has moved on',
  }),
};

export const actionBody = z.strictObject(common).meta({ id: 'ActionRequest' });
export const startBody = z
  .strictObject({
    digest: z.string().min(1).max(128).meta({ description: '`digest` of the plan that you read' }),
    ...common,
  })
  .meta({ id: 'StartRequest' });
export const setPaceBody = z
  .strictObject({
    writesPerSecond: z
      .number()
      .gt(0)
      .max(1_000)
      .meta({ description: 'Maximum number of write calls to Webex per second' }),
    ...common,
  })
  .meta({ id: 'SetPaceRequest' });

const actionAnswer = z
  .strictObject({
    applied: z.boolean(),
    phase,
    phaseVersion: z.int(),
    paused: z.boolean(),
    links: z.strictObject({ rollout: z.string() }),
  })
  .meta({ id: 'ActionAnswer' });

export const actionReplies = {
  200: { description: 'Applied', schema: actionAnswer },
  202: {
    description:
      'Accepted but not applied yet: no worker answered, and the action is delivered again',
    schema: actionAnswer,
    headers: { Location: 'Address of the rollout' },
  },
};
