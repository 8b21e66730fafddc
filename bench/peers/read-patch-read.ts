import { eachAtOnce, type PlainClient } from './plain-client';

const atOnce = 16;

/** The plain script: reads each user, adds what is missing, and reads the user again. */
export async function readPatchRead(
  client: PlainClient,
  personIds: readonly string[],
  licenseIds: readonly string[],
): Promise<void> {
  await eachAtOnce(personIds, atOnce, async (personId) => {
    const { licenses } = await client.person(personId);
    const missing = licenseIds.filter((id) => !licenses.includes(id));
    if (missing.length > 0) await client.add(personId, missing);
    await client.person(personId);
  });
}
