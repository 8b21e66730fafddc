import { listLicenses } from '../../db/directory/find-directory';
import { endPeopleRead } from '../../db/directory/missing-people';
import { analyzeDirectory, mirrorUsers } from '../../db/directory/mirror-people';
import { recordPromisedPeople } from '../../db/directory/people-figures';
import type { DirectoryRead } from '../../db/directory/reads';
import { isPartialView, peopleText, type PeopleFigures } from '../../domain/watch/people-figures';
import type { ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';

type Deps = Pick<ActivityDeps, 'db' | 'webex' | 'logger'>;

/**
 * Reads all people into the mirror, and how many another source says there are (R87). Who isn't shown is
 * missing from now on, and counts as gone only when `confirmMissing` has asked for them by id (R89).
 */
export async function readEverybody(
  deps: Deps,
  of: { orgId: string; looked: DirectoryRead; callingData: boolean },
  read: ReadOptions,
): Promise<PeopleFigures> {
  const { db, webex, logger } = deps;
  const { orgId, looked, callingData } = of;
  for await (const page of webex.listPeople({ ...read, callingData })) {
    await mirrorUsers(db, orgId, page.users, looked);
  }
  const promise = await promisedPeople(deps, orgId, read);
  await recordPromisedPeople(db, orgId, promise);
  const seen = await endPeopleRead(db, orgId, looked, promise.promised);
  await analyzeDirectory(db);
  const figures = { seen, ...promise };
  if (isPartialView(figures)) logger.warn(figures, peopleText(figures));
  return figures;
}

async function promisedPeople(
  { db, webex }: Deps,
  orgId: string,
  read: ReadOptions,
): Promise<Pick<PeopleFigures, 'promised' | 'source'>> {
  const { people, source } = await webex.promisedPeople(await listLicenses(db, orgId), read);
  return { promised: people, source: source === 'free-licenses' ? 'licenses' : source };
}
