import { isRecord } from './read-body';
import type { Call } from './route';

/** Ids of the people a call names in its path or body. */
export function personsOf(call: Call): string[] {
  const { organization } = call.simulator;
  const named = [call.params.personId];
  if (isRecord(call.body)) {
    const { personId, email } = call.body;
    if (typeof personId === 'string') named.push(personId);
    else if (typeof email === 'string') {
      const row = organization.people.rowOfEmail(email);
      if (row !== undefined) named.push(organization.personId(row));
    }
  }
  return named.flatMap((id) => {
    if (id === undefined || id === 'me') return [];
    const row = organization.people.rowOf(id);
    return [row === undefined ? id : organization.personId(row)];
  });
}
