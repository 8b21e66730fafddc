import { listLicenses } from '../../db/directory/find-directory';
import { endPeopleRead } from '../../db/directory/settle/missing-people';
import { analyzeDirectory, mirrorPage } from '../../db/directory/mirror/mirror-people';
import { recordPromisedPeople } from '../../db/directory/people-figures';
import type { DirectoryRead } from '../../db/directory/reads';
import { numberOrganization } from '../../db/numbers';
import { isPartialView, peopleText, type PeopleFigures } from '../../domain/watch/people-figures';
import type { PeopleRead, ReadOptions } from '../../webex/port/webex';
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
  const stored = await storePages(
    db,
    { orgId, looked },
    webex.listPeople({ ...read, callingData }),
  );
  const promise = await promisedPeople(deps, orgId, read);
  await recordPromisedPeople(db, orgId, promise);
  const seen = await endPeopleRead(db, orgId, looked, promise.promised);
  if (stored > 0) await analyzeDirectory(db);
  const figures = { seen, ...promise };
  if (isPartialView(figures)) logger.warn(figures, peopleText(figures));
  return figures;
}

/** While a page is stored, the next one is on its way. Returns how many users were stored. */
async function storePages(
  db: Deps['db'],
  { orgId, looked }: { orgId: string; looked: DirectoryRead },
  pages: AsyncIterable<PeopleRead>,
): Promise<number> {
  const of = { orgId, orgNo: await numberOrganization(db, orgId), readId: looked.readId };
  let stored = 0;
  let storing: Promise<number> = Promise.resolve(0);
  try {
    for await (const { users } of pages) {
      stored += await storing;
      storing = mirrorPage(db, of, users);
      // An error that comes while the next page is awaited is thrown after it, not as unhandled.
      storing.catch(() => undefined);
    }
    return stored + (await storing);
  } finally {
    await storing.catch(() => undefined);
  }
}

async function promisedPeople(
  { db, webex }: Deps,
  orgId: string,
  read: ReadOptions,
): Promise<Pick<PeopleFigures, 'promised' | 'source'>> {
  const { people, source } = await webex.promisedPeople(await listLicenses(db, orgId), read);
  return { promised: people, source: source === 'free-licenses' ? 'licenses' : source };
}
