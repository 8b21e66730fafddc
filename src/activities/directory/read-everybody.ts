import { endPeopleRead } from '../../db/directory/missing-people';
import { analyzeDirectory, mirrorUsers } from '../../db/directory/mirror-people';
import type { DirectoryRead } from '../../db/directory/reads';
import type { ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

/**
 * Reads all people into the mirror and returns how many the list showed. Who isn't shown is missing from
 * now on, and counts as gone only when `confirmMissing` has asked for them by id (R89).
 */
export async function readEverybody(
  { db, webex }: Pick<ActivityDeps, 'db' | 'webex'>,
  of: { orgId: string; looked: DirectoryRead; callingData: boolean },
  read: ReadOptions,
): Promise<number> {
  const { orgId, looked, callingData } = of;
  for await (const page of webex.listPeople({ ...read, callingData })) {
    await mirrorUsers(db, orgId, page.users, looked);
  }
  const shown = await endPeopleRead(db, orgId, looked);
  await analyzeDirectory(db);
  return shown;
}
