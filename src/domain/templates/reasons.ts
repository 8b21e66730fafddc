import type { Desired, DesiredEntry } from './compose-templates';
import type { Reason } from '../model/change';
import type { TemplateRef } from '../model/template';

/** Why something is added: who grants it, or what needs it. */
export function grantedReason(entry: DesiredEntry): Reason {
  const { requiredBy, rule, templates } = entry;
  if (requiredBy !== null) {
    return { code: 'required', text: `required by ${requiredBy}`, rule, templates };
  }
  return { code: 'granted', text: `granted by ${names(templates)}`, rule, templates };
}

/** Why something gives way to a better one (R19b). */
export function replacedReason(better: string, rule: string, templates: TemplateRef[]): Reason {
  return { code: 'replaced', text: `replaced by ${better}`, rule, templates };
}

/** Why something is taken that no template grants; the templates are those that were asked. */
export function ungrantedReason(text: string, rule: string, { templates }: Desired): Reason {
  return { code: 'not-granted', text, rule, templates };
}

function names(templates: readonly TemplateRef[]): string {
  return templates.map(({ name }) => name).join(', ');
}
