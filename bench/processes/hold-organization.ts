/** Makes a simulated organization, in the simulator's form or as objects, and sends what it occupies. */
import { generateOrganization } from '../../src/simulator/organization/generate-organization';
import { garbageCollector, heldBytes } from './collect-garbage';

export interface OrganizationHeld {
  users: number;
  bytes: number;
}

const [count = '', form = ''] = process.argv.slice(2);

/** Everybody as `GET /people/{id}` shows them. */
function asObjects(users: number): Record<string, unknown>[] {
  const { people, catalog } = generateOrganization({ users, seed: 1 });
  return Array.from({ length: people.size }, (_, row) => {
    const truth = people.truth(row);
    const { ids, attendeeSites } = catalog.holding(truth.holding);
    return {
      ...people.fieldsOf(row, truth),
      licenses: [...ids],
      attendeeSites: [...attendeeSites],
    };
  });
}

function main(): void {
  const collect = garbageCollector();
  // Once for whatever the first organization leaves behind that isn't an organization.
  generateOrganization({ users: 10, seed: 1 });
  collect();
  const before = heldBytes();
  const held =
    form === 'objects'
      ? asObjects(Number(count))
      : generateOrganization({ users: Number(count), seed: 1 });
  collect();
  const bytes = heldBytes() - before;
  const users = Array.isArray(held) ? held.length : held.people.size;
  process.send?.({ users, bytes } satisfies OrganizationHeld);
}
main();
