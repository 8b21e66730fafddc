import type { Organization, Person, TemplateInWords } from './organization';

/** What all templates together want a person to have (R4–R8, R11). */
export function desiredOf(
  organization: Organization,
  one: Person,
  including: string | null,
): Set<string> {
  const things = templatesFor(organization, one, including).flatMap((template) => template.things);
  return withWhatComesAlong(new Set(things));
}

export function templatesFor(
  { mode, templates }: Organization,
  one: Person,
  including: string | null,
): TemplateInWords[] {
  const ofGroups = templates.filter(({ group }) => group !== null && one.groups.includes(group));
  const ofAll = templates
    .filter(({ group }) => group === null)
    // R20: but for a rollout of it to existing users.
    .filter(({ id }) => !one.isExplicit || id === including);
  switch (mode) {
    case 'union':
    case 'exclusive':
      return [...ofAll, ...ofGroups];
    case 'group-overrides-organization':
      return ofGroups.length > 0 ? ofGroups : ofAll;
  }
}

/** R53–R57. */
export function withWhatComesAlong(things: Set<string>): Set<string> {
  const all = new Set(things);
  if (all.has('MS') || all.has('CF')) all.add('FMS');
  if (all.has('FMS')) all.add('FTM');
  all.delete('FSS');
  return all;
}
