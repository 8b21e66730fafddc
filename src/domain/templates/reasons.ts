import type { Desired, DesiredEntry } from './compose-templates';
import type { Reason } from '../model/change';
import type { TemplateRef } from '../model/template';

/** Why something is added: a template grants it, or something granted needs it. */
export function grantedReason(entry: DesiredEntry): Reason {
  const { requiredBy, rule, templates } = entry;
  if (requiredBy !== null) {
    return { code: 'required', text: `required by ${requiredBy}`, rule, templates };
  }
  return { code: 'granted', text: `granted by ${names(templates)}`, rule, templates };
}

/** Why something is replaced by something better (R19b). */
export function replacedReason(better: string, rule: string, templates: TemplateRef[]): Reason {
  return { code: 'replaced', text: `replaced by ${better}`, rule, templates };
}

/** Why something is removed that no template grants; `templates` are those that apply to the user. */
export function ungrantedReason(text: string, rule: string, { templates }: Desired): Reason {
  return { code: 'not-granted', text, rule, templates };
}

function names(templates: readonly TemplateRef[]): string {
  return templates.map(({ name }) => name).join(', ');
}
