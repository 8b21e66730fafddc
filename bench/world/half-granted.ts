import { eachAtOnce, type PlainClient } from '../peers/plain-client';
import { grant } from './grant';

const atOnce = 16;

export interface HalfGranted {
  /** All users except bots. */
  users: string[];
  /** The users who lack part of the grant: exactly half of all. */
  lacking: ReadonlySet<string>;
  licenseIds: string[];
}

/** Adds to users of a generated organization what the template grants, until exactly half lack it. */
export async function grantHalf(client: PlainClient): Promise<HalfGranted> {
  const licenses = await client.licenses();
  const licenseIds = grant.map((offer) => licenses.get(offer) ?? '');
  const people = (await client.people()).filter(({ type }) => type === 'person');
  const missing = people
    .map(({ id, licenses }) => ({ id, lacks: licenseIds.filter((id) => !licenses.includes(id)) }))
    .filter(({ lacks }) => lacks.length > 0);
  const toGrant = missing.length - Math.floor(people.length / 2);
  await eachAtOnce(missing.slice(0, toGrant), atOnce, ({ id, lacks }) => client.add(id, lacks));
  const lacking = new Set(missing.slice(toGrant).map(({ id }) => id));
  return { users: people.map(({ id }) => id), lacking, licenseIds };
}
