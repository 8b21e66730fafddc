import type { Endpoint } from '../../http/endpoint';
import type { TemplateSide } from '../template-side';
import { deleteTemplateEndpoint } from './delete-template';
import { dropTemplateDraftEndpoint } from './drop-template-draft';
import { getTemplateEndpoint } from './get-template';
import { listTemplateRevisionsEndpoint } from './list-template-revisions';
import { previewTemplateEndpoint } from './preview-template';
import { saveTemplateEndpoint } from './save-template';

/** Everything that can be done with one template: of the organization, or of a group. */
export function templateEndpoints(side: TemplateSide): Endpoint[] {
  return [
    getTemplateEndpoint(side),
    listTemplateRevisionsEndpoint(side),
    saveTemplateEndpoint(side),
    previewTemplateEndpoint(side),
    deleteTemplateEndpoint(side),
    dropTemplateDraftEndpoint(side),
  ];
}
