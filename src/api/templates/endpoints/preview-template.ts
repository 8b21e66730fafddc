import { defineEndpoint } from '../../http/endpoint';
import { rollout } from '../../rollout/schema';
import { previewTemplate } from '../preview-template';
import { previewBody } from '../schema';
import type { TemplateSide } from '../template-side';

export const previewTemplateEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'post',
    path: `${side.path}/preview`,
    tag: 'Templates',
    role: 'operator',
    summary: `Plan a change of ${side.template} without saving it`,
    description:
      'The template is checked as if it were saved and planned as if it were rolled out, but not stored. The plan can be read and discarded, and it expires; it can never be started. To carry it out, save the template and roll it out.',
    body: previewBody,
    idempotencyKey: true,
    replies: {
      202: {
        description: 'Planning',
        schema: rollout,
        headers: { Location: 'Address of the plan' },
      },
    },
    problems: [
      ...side.groupProblems,
      'not-observed',
      'invalid-template',
      'unknown-reference',
      'request-in-progress',
      'idempotency-key-reused',
    ],
    async handle(exchange) {
      const target = await side.target(exchange);
      return previewTemplate(exchange, { ...target, body: exchange.body });
    },
  });
