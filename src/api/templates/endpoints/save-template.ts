import { defineEndpoint } from '../../http/endpoint';
import { saveTemplate } from '../save-template';
import { savedTemplate, saveTemplateBody } from '../schema';
import type { TemplateSide } from '../template-side';
import { savedTemplateView } from '../template-view';

export const saveTemplateEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'put',
    path: side.path,
    tag: 'Templates',
    role: 'admin',
    summary: `Save a revision of ${side.template}`,
    description: `Without \`draft\` the revision governs future users immediately and changes no existing user. As a draft it waits for its rollout. Before the first template of a group its members are read: users who join after that read are covered (\`governsFrom\`). In \`exclusive\` mode \`switchSide\` deletes the templates of the other kind in the same step.${side.groupNote}`,
    body: saveTemplateBody,
    ifMatch: true,
    replies: {
      200: {
        description: 'A new revision',
        schema: savedTemplate,
        headers: { ETag: 'Version of the template' },
      },
      201: {
        description: 'A new template',
        schema: savedTemplate,
        headers: { Location: 'Address of the template', ETag: 'Version of the template' },
      },
    },
    problems: [
      ...side.groupProblems,
      'composition-conflict',
      'draft-pending',
      'template-in-use',
      'not-observed',
      'invalid-template',
    ],
    async handle(exchange) {
      const { deps, organization, caller, body, requireMatch } = exchange;
      const target = await side.target(exchange);
      if (!body.draft) await side.beforeGoverning(exchange, target);
      const saved = await saveTemplate(deps.db, {
        ...{ organization, caller, body, requireMatch },
        ...target,
      });
      if (saved.created) await side.afterCreation(exchange);
      return savedTemplateView(saved, organization);
    },
  });
