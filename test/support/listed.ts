/** Every list that is read from Webex, with a whole organization behind it: for bending (R87). */
import type { Proof, Webex } from '../../src/webex/port/webex';
import type { Bend } from './bends';
import { all, groupId } from './scripted-webex';
import { settled } from './settled';
import { aWholeWebex, type WholeOptions } from './whole-webex';

export interface ListUnderTest {
  call: string;
  options: WholeOptions;
  /** The different entries that are shown, as they are stored. */
  read: (webex: Webex, onProof: (proof: Proof) => void) => Promise<string[]>;
  whole: number;
}

const unique = (ids: string[]) => [...new Set(ids)].sort();

const people: ListUnderTest = {
  call: 'GET /people',
  options: { pageSize: 100, people: 301 },
  whole: 301,
  read: async (webex, onProof) =>
    unique(
      (await all(webex.listPeople({ onProof }))).flatMap(({ users }) =>
        users.map(({ personId: id }) => id),
      ),
    ),
};
const holders: ListUnderTest = {
  call: 'GET /licenses/{licenseId}',
  options: { people: 401, arePeopleBare: true },
  whole: 401 * 3,
  read: async (webex, onProof) => {
    const pages = await all(webex.listPeople({ onProof }));
    const held = pages.flatMap(({ users }) =>
      users.flatMap(({ personId: id, holdings }) => holdings.licenses.map((one) => `${id} ${one}`)),
    );
    return unique(held);
  },
};
const groups: ListUnderTest = {
  call: 'GET /groups',
  options: { pageSize: 7 },
  whole: 12,
  read: async (webex, onProof) =>
    unique((await webex.listGroups({ onProof })).map(({ groupId: id }) => id)),
};
const members: ListUnderTest = {
  call: 'GET /groups/{groupId}/members',
  options: { pageSize: 100 },
  whole: 450,
  read: async (webex, onProof) => {
    const pages = await all(webex.listMembers(groupId(1), { promised: 450, onProof }));
    return unique(pages.flat().map(({ memberId }) => memberId));
  },
};
const licenses: ListUnderTest = {
  call: 'GET /licenses',
  options: {},
  whole: 3,
  read: async (webex, onProof) =>
    unique((await webex.listLicenses({ onProof })).map(({ id }) => id)),
};
const numbers: ListUnderTest = {
  call: 'GET /telephony/config/numbers',
  options: { pageSize: 100 },
  whole: 250,
  read: async (webex, onProof) =>
    unique(((await webex.listNumbers({ onProof })) ?? []).map(({ number }) => number)),
};
const changed: ListUnderTest = {
  call: 'GET /identity/scim/{orgId}/v2/Users',
  options: { pageSize: 100, people: 250 },
  whole: 250,
  read: async (webex, onProof) => {
    const pages = await all(webex.listChangedUsers(new Date(0), { onProof }));
    return unique(pages.flatMap((page) => page.changed.map(({ personId: id }) => id)));
  },
};
const locations: ListUnderTest = {
  call: 'GET /locations',
  options: { pageSize: 50, groups: 130, locations: 120 },
  whole: 120,
  read: async (webex, onProof) =>
    (await webex.listGroups({ onProof }))
      .filter(({ isLocation }) => isLocation)
      .map(({ groupId: id }) => id),
};
export const lists = {
  people,
  holders,
  groups,
  members,
  licenses,
  numbers,
  locations,
  'changed users': changed,
};
export type Name = keyof typeof lists;
export const names = Object.keys(lists) as Name[];

/** Reads a list behind these bends; what can't be read ends as an error of `read`. */
export function tried(name: Name, bends: Omit<Bend, 'call'>[], options: WholeOptions = {}) {
  const list = lists[name];
  const table = bends.map((bend) => ({ call: list.call, ...bend }));
  const { webex, asked } = aWholeWebex({ ...list.options, ...options }, table);
  const proofs: Proof[] = [];
  const shown = settled(list.read(webex, (proof) => proofs.push(proof)));
  return { shown, read: shown.then(({ length }) => length), asked, proofs };
}
