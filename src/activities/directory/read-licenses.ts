import { mirrorLicenses } from '../../db/directory/mirror/mirror-licenses';
import { noteWebexTime, type DirectoryRead } from '../../db/directory/reads';
import type { ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

/**
 * Reads the licenses into the mirror. They are the first list of every read: the time that Webex gives
 * with them is the start of the read by its clock (R93).
 */
export async function readLicenses(
  { db, webex }: Pick<ActivityDeps, 'db' | 'webex'>,
  { orgId, looked }: { orgId: string; looked: DirectoryRead },
  read: ReadOptions,
): Promise<void> {
  const dates: Date[] = [];
  try {
    const onDate = (date: Date) => dates.push(date);
    await mirrorLicenses(db, orgId, await webex.listLicenses({ ...read, onDate }), looked);
  } finally {
    if (dates[0]) await noteWebexTime(db, looked.readId, dates[0]);
  }
}
