import { findGroups, findUsers, type GroupRow } from '../../db/directory/find-directory';
import type { Queryable } from '../../db/connect';
import { usersByAddress } from '../../domain/model/address';
import { toWebexId } from '../../domain/model/webex-id';
import { Problem, type Fault } from '../http/problem';

export interface Named {
  /** An id in either form, a display name (groups) or an e-mail address (users). */
  given: string;
  pointer: string;
}
interface Organization {
  orgId: string;
  orgUuid: string;
}

/** Canonical ids in the order given, without duplicates, and a fault for each that doesn't exist. */
export interface Resolved {
  ids: string[];
  faults: Fault[];
}

/** A list as a body has it, with the pointer to each item. */
export function named(given: readonly string[] | undefined, pointer: string): Named[] {
  return (given ?? []).map((one, index) => ({ given: one, pointer: `${pointer}/${index}` }));
}

/** Groups by id, or by a display name that only one group has (R13). */
export async function resolveGroups(
  db: Queryable,
  organization: Organization,
  named: readonly Named[],
): Promise<Resolved> {
  if (named.length === 0) return { ids: [], faults: [] };
  const wanted = named.map((one) => ({
    ...one,
    id: toWebexId('group', one.given, organization.orgUuid),
  }));
  const rows = await findGroups(db, {
    orgId: organization.orgId,
    ids: wanted.flatMap(({ id }) => id ?? []),
    names: wanted.flatMap(({ id, given }) => (id === undefined ? given : [])),
  });
  return resolve(wanted, (one) => {
    const matches = rows.filter((row) =>
      one.id === undefined ? sameText(row.displayName, one.given) : row.groupId === one.id,
    );
    const [match] = matches;
    if (!match) return { code: 'unknown-group', detail: `There is no group "${one.given}".` };
    if (matches.length === 1) return match.groupId;
    return { code: 'ambiguous-name', detail: ambiguity(one.given, matches) };
  });
}

/** Users by id or e-mail address. */
export async function resolveUsers(
  db: Queryable,
  organization: Organization,
  named: readonly Named[],
): Promise<Resolved> {
  if (named.length === 0) return { ids: [], faults: [] };
  const wanted = named.map((one) => ({
    ...one,
    id: one.given.includes('@') ? undefined : toWebexId('person', one.given, organization.orgUuid),
  }));
  const rows = await findUsers(db, {
    orgId: organization.orgId,
    ids: wanted.flatMap(({ id }) => id ?? []),
    emails: wanted.flatMap(({ id, given }) => (id === undefined ? given : [])),
  });
  const byId = new Map(rows.map((row) => [row.personId, row.personId]));
  const byAddress = usersByAddress(rows);
  return resolve(wanted, ({ id, given }) => {
    const found = id === undefined ? byAddress(given)?.personId : byId.get(id);
    return found ?? { code: 'unknown-user', detail: `There is no user "${given}".` };
  });
}

/** The one group that an address names; 404 if there is none, 409 if there are several. */
export async function requireGroup(
  db: Queryable,
  organization: Organization,
  given: string,
): Promise<GroupRow> {
  const id = toWebexId('group', given, organization.orgUuid);
  const wanted = id === undefined ? { ids: [], names: [given] } : { ids: [id], names: [] };
  const matches = await findGroups(db, { orgId: organization.orgId, ...wanted });
  const [match] = matches;
  if (!match) throw new Problem('not-found', 'There is no group with this id or name.');
  if (matches.length === 1) return match;
  throw new Problem('ambiguous-name', ambiguity(given, matches), {
    members: {
      candidates: matches.map(({ groupId, displayName, memberSize, isLocation }) => ({
        groupId,
        displayName,
        memberSize,
        isLocation,
      })),
    },
  });
}

export function resolve<T extends Named>(
  wanted: readonly T[],
  find: (one: T) => string | Omit<Fault, 'pointer'>,
): Resolved {
  const ids = new Set<string>();
  const faults: Fault[] = [];
  for (const one of wanted) {
    const found = find(one);
    if (typeof found === 'string') ids.add(found);
    else faults.push({ pointer: one.pointer, ...found });
  }
  return { ids: [...ids], faults };
}

function ambiguity(name: string, matches: readonly GroupRow[]): string {
  const ids = matches.map(({ groupId }) => groupId).join(', ');
  return `${matches.length} groups are called "${name}": use the id of one of them: ${ids}.`;
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
