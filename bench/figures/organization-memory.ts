import type { Bench, Figure } from '../figure';
import { digits } from '../numbers';
import type { OrganizationHeld } from '../processes/hold-organization';
import { askProcess } from '../world/ask-process';

const goalBytes = 256;

/** Memory of a user in the simulator, next to the same people as objects. */
export async function organizationMemory({ isQuick, say, signal }: Bench): Promise<Figure[]> {
  const users = isQuick ? 20_000 : 100_000;
  const bytesPerUser = async (form: 'simulator' | 'objects') => {
    say(`${digits(users, 0)} users, ${form}`);
    const args = [String(users), form];
    const held = await askProcess<OrganizationHeld>('hold-organization.ts', args, signal);
    return held.bytes / held.users;
  };
  const simulated = await bytesPerUser('simulator');
  const objects = await bytesPerUser('objects');
  return [
    {
      figure: `memory per simulated user, ${digits(users, 0)} users`,
      measured: `${digits(simulated, 0)} bytes`,
      peer: `as objects: ${digits(objects, 0)} bytes`,
      ratio: digits(simulated / objects, 2),
      goal: `< ${digits(goalBytes, 0)} bytes`,
      isMet: simulated < goalBytes,
    },
  ];
}
