import type { z } from 'zod';
import { toWebexId } from '../../domain/model/webex-id';
import type { OrganizationLookup } from '../credential/check-credential';
import { canonicalId } from '../wire/map-directory';
import type { Progress, Read } from '../http/reader';
import { WebexError, type ChangedUser } from '../port/webex';
import { wireScimUsers, type wireScimUser } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Users';
/** Few have changed as a rule: the first page is small, the others are not. */
const firstPageSize = 50;
const pageSize = 500;
/** Pages overlap: whoever is deleted while we read moves all others up, past the edge of a page. */
const overlap = 10;

export interface ChangedUsersInput {
  read: Read;
  organization: OrganizationLookup;
  since: Date;
}

/** Users whose entry is as new as `since`, newest first. Nobody comes twice with the same time. */
export async function* listChangedUsers(
  { read, organization, since }: ChangedUsersInput,
  progress: Progress,
): AsyncGenerator<{ changed: ChangedUser[] }> {
  const orgUuid = await organization.uuid(progress);
  if (orgUuid === null) {
    throw new WebexError('forbidden', 'this Webex token opens no organization', { operation });
  }
  const path = `/identity/scim/${orgUuid}/v2/Users`;
  const shown = new Map<string, number>();
  let first: string | null = null;
  for (let startIndex = 1; ;) {
    const query = new URLSearchParams({
      sortBy: 'meta.lastModified',
      sortOrder: 'descending',
      startIndex: String(startIndex),
      count: String(startIndex === 1 ? firstPageSize : pageSize),
    });
    const answer = await read(
      { operation, path, isScim: true, query, schema: wireScimUsers },
      progress,
    );
    const entries = (answer.body.Resources ?? []).map((wire) => toChangedUser(wire, orgUuid));
    assertNewestFirst(entries, answer.trackingId);
    const [newest] = entries;
    if (newest?.personId === first) throw goesRound(answer.trackingId);
    first = newest?.personId ?? null;
    const recent = entries.filter(({ lastModified }) => lastModified >= since);
    const changed = recent.filter(
      ({ personId, lastModified }) => shown.get(personId) !== lastModified.getTime(),
    );
    changed.forEach(({ personId, lastModified }) => shown.set(personId, lastModified.getTime()));
    progress.tell(changed.length);
    if (changed.length > 0) yield { changed };
    const end = startIndex + entries.length;
    const isLast = end > (answer.body.totalResults ?? Infinity);
    // A page of nobody but the overlap gets no further.
    if (recent.length < entries.length || isLast || entries.length <= overlap) return;
    startIndex = end - overlap;
  }
}

function toChangedUser(wire: z.infer<typeof wireScimUser>, orgUuid: string): ChangedUser {
  return {
    personId: toWebexId('person', wire.id, orgUuid) ?? canonicalId(wire.id),
    lastModified: new Date(wire.meta.lastModified),
    ...(typeof wire.active === 'boolean' ? { active: wire.active } : {}),
  };
}

/** Whoever doesn't sort would make us stop too early, and miss somebody. */
function assertNewestFirst(entries: readonly ChangedUser[], trackingId: string): void {
  const times = entries.map(({ lastModified }) => lastModified.getTime());
  if (times.every((time, i) => time <= (times[i - 1] ?? Infinity))) return;
  const message = `${operation}: meta.lastModified: not the newest first (${trackingId})`;
  throw new WebexError('contract', message, { operation, trackingId });
}

function goesRound(trackingId: string): WebexError {
  const message = `${operation}: startIndex: the next page is this page (${trackingId})`;
  return new WebexError('contract', message, { operation, trackingId });
}
