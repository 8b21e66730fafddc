import { z } from 'zod';
import { phase } from './schema';

const common = {
  reason: z.string().max(1_000).optional().meta({ description: 'Kept in the audit' }),
  expectedPhaseVersion: z.int().min(1).optional().meta({
    description: '`phaseVersion` as you saw it: the action is refused once it is another',
  }),
};

export const actionBody = z.strictObject(common).meta({ id: 'ActionRequest' });
export const startBody = z
  .strictObject({
    digest: z.string().min(1).max(128).meta({ description: '`digest` of the plan as you read it' }),
    ...common,
  })
  .meta({ id: 'StartRequest' });
export const setPaceBody = z
  .strictObject({
    writesPerSecond: z.number().gt(0).max(1_000).meta({ description: 'Calls to Webex, at most' }),
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
    description: 'Accepted, not yet applied: no worker answered, and it is delivered again',
    schema: actionAnswer,
    headers: { Location: 'Of the rollout' },
  },
};
