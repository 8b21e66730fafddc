import type { z } from 'zod';
import { toWebexId } from '../../domain/model/webex-id';
import type { OrganizationLookup } from '../credential/check-credential';
import { canonicalId } from '../wire/map-directory';
import type { ReadProgress, Read } from '../http/reader';
import { WebexError, type ChangedUser } from '../port/webex';
import { wireScimUsers, type wireScimUser } from '../wire/wire';

const operation = 'GET /identity/scim/{orgId}/v2/Users';
/** Usually few users have changed, so the first page is small. */
const firstPageSize = 50;
const pageSize = 500;
/** Pages overlap: a user who is deleted while we read moves all later ones up, across the page's edge. */
const overlap = 10;

export interface ChangedUsersInput {
  read: Read;
  organization: OrganizationLookup;
  since: Date;
}

/**
 * Users whose entry changed at `since` or later, newest first, by SCIM's `GET Users`. No user appears
 * twice with the same time. Throws `forbidden` or `contract`, the latter if Webex doesn't sort.
 */
export async function* listChangedUsers(
  { read, organization, since }: ChangedUsersInput,
  progress: ReadProgress,
): AsyncGenerator<{ changed: ChangedUser[] }> {
  const orgUuid = await orgUuidOf(organization, progress);
  const path = `/identity/scim/${orgUuid}/v2/Users`;
  const shown = new Map<string, number>();
  let first: string | null = null;
  for (let startIndex = 1; ;) {
    const query = pageQuery(startIndex);
    const answer = await read(
      { operation, path, isScim: true, query, schema: wireScimUsers },
      progress,
    );
    const entries = (answer.body.Resources ?? []).map((wire) => toChangedUser(wire, orgUuid));
    assertNewestFirst(entries, answer.trackingId);
    const newest = entries[0]?.personId ?? null;
    if (newest !== null && newest === first) throw goesRound(answer.trackingId);
    first = newest;
    const recent = entries.filter(({ lastModified }) => lastModified >= since);
    const changed = recent.filter((entry) => isNews(shown, entry));
    progress.report(changed.length);
    if (changed.length > 0) yield { changed };
    const end = startIndex + entries.length;
    const isLast = end > (answer.body.totalResults ?? Infinity);
    // A page that has only the overlap would be read again and again.
    if (recent.length < entries.length || isLast || entries.length <= overlap) return;
    startIndex = end - overlap;
  }
}

async function orgUuidOf(
  organization: OrganizationLookup,
  progress: ReadProgress,
): Promise<string> {
  const orgUuid = await organization.uuid(progress);
  if (orgUuid !== null) return orgUuid;
  throw new WebexError('forbidden', 'this Webex token belongs to no organization', { operation });
}

function pageQuery(startIndex: number): URLSearchParams {
  return new URLSearchParams({
    sortBy: 'meta.lastModified',
    sortOrder: 'descending',
    startIndex: String(startIndex),
    count: String(startIndex === 1 ? firstPageSize : pageSize),
  });
}

/** Whether this entry wasn't shown yet with this time; remembers it. */
function isNews(shown: Map<string, number>, { personId, lastModified }: ChangedUser): boolean {
  const time = lastModified.getTime();
  const isNew = shown.get(personId) !== time;
  shown.set(personId, time);
  return isNew;
}

function toChangedUser(wire: z.infer<typeof wireScimUser>, orgUuid: string): ChangedUser {
  return {
    personId: toWebexId('person', wire.id, orgUuid) ?? canonicalId(wire.id),
    lastModified: new Date(wire.meta.lastModified),
    ...(typeof wire.active === 'boolean' ? { active: wire.active } : {}),
  };
}

/** Without this order the read would stop too early and miss users. */
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
