import type { License } from '../../domain/model/license';
import { incomplete } from '../http/incomplete';
import { mapPages } from '../http/map-pages';
import { readLinked } from '../http/read-linked';
import { collectUntilProven } from '../http/read-until-proven';
import type { Read, ReadProgress } from '../http/reader';
import type { WebexLogger } from '../port/webex-logger';
import type { IdForms } from '../wire/id-forms';
import { toLicense } from '../wire/map-directory';
import { wireLicenses, type WireLicense } from '../wire/wire';

const operation = 'GET /licenses';
const list = 'licenses';

/** All licenses as Webex shows them, each once. Throws `incomplete`: no organization has none. */
export async function readLicenseItems(
  read: Read,
  ids: IdForms,
  progress: ReadProgress,
): Promise<WireLicense[]> {
  const call = {
    operation,
    list,
    path: '/licenses',
    query: new URLSearchParams(),
    schema: wireLicenses,
    idsOf: ({ items }: { items: WireLicense[] }) => items.map(({ id }) => ids.license(id)),
  } as const;
  const items = await collectUntilProven(
    { operation, list },
    async function* () {
      const proof = yield* mapPages(readLinked(read, call, progress), ({ body }) => body.items);
      if (proof.shown > 0) return proof;
      const why = 'the list is empty';
      throw incomplete({ operation, list, why, shown: 0, promised: null });
    },
    progress,
  );
  const byId = new Map(items.map((item) => [ids.license(item.id), item]));
  return [...byId].map(([id, item]) => ({ ...item, id }));
}

/** All licenses with an offer code, by id. */
export async function readLicenses(
  read: Read,
  ids: IdForms,
  progress: ReadProgress,
  logger: WebexLogger | undefined,
): Promise<License[]> {
  const items = await readLicenseItems(read, ids, progress);
  const licenses = items.map(toLicense).filter((license) => license !== null);
  const unreadable = items.length - licenses.length;
  if (unreadable > 0) logger?.warn({ unreadable }, 'licenses without an offer code are ignored');
  return licenses.sort((a, b) => (a.id < b.id ? -1 : 1));
}
