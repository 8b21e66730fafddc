import type { Webex } from '../../../src/webex/port/webex';
import {
  all,
  aScriptedWebex,
  groupId,
  idOf,
  orgUuid,
  personId,
  uuidNumber,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const members = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ id: personId(from + i), type: 'user' }));
const scimPath = `/identity/scim/${orgUuid}/v2/Groups`;
const memberPath = `/v1/groups/${groupId(1)}/members`;

describe('listGroups', () => {
  const groups = Array.from({ length: 1200 }, (_, i) => ({
    id: groupId(i + 1),
    displayName: i < 2 ? 'Twins' : `Group ${i}`,
    memberSize: 3,
  }));
  const indexed = (asked: Asked): Told => {
    if (asked.path === '/v1/locations') {
      return { body: { items: [{ id: idOf(`ciscospark://us/LOCATION/${uuidNumber(2)}`) }] } };
    }
    if (asked.path === scimPath) return { status: 403 };
    const from = Number(asked.query.get('startIndex')) - 1;
    const page = groups.slice(from, from + Math.min(500, Number(asked.query.get('count'))));
    return { body: { totalResults: groups.length, startIndex: from + 1, groups: page } };
  };

  it('reads all pages, and marks location groups (R13)', async () => {
    const { webex, calls } = aScriptedWebex(indexed);
    const found = await webex.listGroups();
    expect(found).toHaveLength(1200);
    expect(found.filter((group) => group.isLocation).map((group) => group.groupId)).toEqual([
      groupId(2),
    ]);
    expect(calls()).toEqual([
      'GET /v1/locations',
      // One more than the total needs: it may be too small.
      ...Array.from({ length: 4 }, () => 'GET /v1/groups'),
      `GET ${scimPath}`,
    ]);
  });

  it('also follows Link pages', async () => {
    const { webex } = aScriptedWebex((asked) => {
      if (asked.path === '/v1/locations') return { body: { items: [] } };
      const from = Number(asked.query.get('cursor') ?? 0);
      const link = `<https://a/v1/groups?cursor=${from + 600}>; rel="next"`;
      return {
        body: { groups: groups.slice(from, from + 600) },
        headers: from + 600 < groups.length ? { link } : {},
      };
    });
    expect(await webex.listGroups()).toHaveLength(1200);
  });

  it('continues without locations if the token may not read them', async () => {
    const { webex } = aScriptedWebex((asked) =>
      asked.path === '/v1/locations' ? { status: 403 } : indexed(asked),
    );
    expect((await webex.listGroups()).some((group) => group.isLocation)).toBe(false);
  });

  it('is incomplete when Webex promised more groups than came', async () => {
    const { webex } = aScriptedWebex((asked) =>
      asked.path === '/v1/locations'
        ? { body: { items: [] } }
        : {
            body: {
              totalResults: 3,
              groups: asked.query.get('startIndex') === '1' ? groups.slice(0, 2) : [],
            },
          },
    );
    await expect(webex.listGroups()).rejects.toMatchObject({ kind: 'incomplete' });
  });
});

describe('the origin of groups', () => {
  const extension = 'urn:scim:schemas:extension:cisco:webexidentity:2.0:Group';
  const groups = Array.from({ length: 4 }, (_, i) => ({ id: groupId(i + 1) }));
  const entries = [
    { id: uuidNumber(1), [extension]: { usage: 'policy', provisionSource: 'AD' } },
    { id: uuidNumber(2), [extension]: { usage: 'location' } },
    { id: uuidNumber(3) },
  ];
  const told = (answer: (asked: Asked) => Told) => (asked: Asked) => {
    if (asked.path === '/v1/locations') return { status: 403 };
    if (asked.path === '/v1/groups') return { body: { totalResults: 4, groups } };
    return answer(asked);
  };
  const originsOf = async (webex: Webex) => {
    const found = new Map((await webex.listGroups()).map((group) => [group.groupId, group]));
    return groups.map(({ id }) => {
      const { source, usage, isLocation } = found.get(id)!;
      return { source, usage, isLocation };
    });
  };
  const nothing = { source: null, usage: null, isLocation: false };

  it('R12 R13 is what SCIM says of each group', async () => {
    const { webex } = aScriptedWebex(
      told(() => ({ body: { totalResults: 3, Resources: entries } })),
    );
    expect(await originsOf(webex)).toEqual([
      { source: 'AD', usage: 'policy', isLocation: false },
      { source: null, usage: 'location', isLocation: true },
      nothing,
      nothing,
    ]);
  });

  it.each([
    ['by pages with a total', { totalResults: 3 }],
    ['by pages without one', {}],
  ])('R12 is read %s', async (_, total) => {
    const { webex } = aScriptedWebex(
      told(({ query }) => {
        const from = Number(query.get('startIndex')) - 1;
        return { body: { ...total, Resources: entries.slice(from, from + 1) } };
      }),
    );
    expect((await originsOf(webex)).map(({ usage }) => usage)).toEqual([
      'policy',
      'location',
      null,
      null,
    ]);
  });

  it.each([
    ['the token may not read SCIM', { status: 403 }],
    ['there is no SCIM', { status: 404 }],
    ['SCIM answers something else', { body: { Resources: 'none' } }],
  ])('R12 is unknown where %s', async (_, answer) => {
    const { webex } = aScriptedWebex(told(() => answer));
    expect(await originsOf(webex)).toEqual([nothing, nothing, nothing, nothing]);
  });

  it('stops where the token is dead', async () => {
    const { webex } = aScriptedWebex(told(() => ({ status: 401 })));
    await expect(webex.listGroups()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('listMembers', () => {
  it('reads at most 500 a page, and every kind of member', async () => {
    const everybody = [
      ...members(1, 1099),
      { id: groupId(9), type: 'group' },
      { id: personId(5000), type: 'machine' },
    ];
    const { webex, asked } = aScriptedWebex(({ query }) => {
      const from = Number(query.get('startIndex')) - 1;
      const page = everybody.slice(from, from + Number(query.get('count')));
      return { body: { id: groupId(1), memberSize: everybody.length, members: page } };
    });
    const pages = await all(webex.listMembers(groupId(1)));
    expect(pages.flat()).toHaveLength(1101);
    expect(pages.flat().slice(-2)).toEqual([
      { memberId: groupId(9), type: 'group' },
      { memberId: personId(5000), type: 'machine' },
    ]);
    expect(asked.map(({ path, query }) => `${path} ${query.toString()}`)).toEqual(
      // Pages overlap by ten, because order isn't guaranteed. The last one would show whether the total
      // is too small.
      [1, 491, 981, 1092].map((from) => `${memberPath} startIndex=${from}&count=500`),
    );
  });

  it.each([
    ['an empty group', { memberSize: 0, members: [] }],
    ['a group without the field members', { memberSize: 0 }],
    ['a group without any numbers', { members: [] }],
  ])('takes %s', async (_, body) => {
    const { webex } = aScriptedWebex(() => ({ body: { id: groupId(1), ...body } }));
    expect(await all(webex.listMembers(groupId(1)))).toEqual([]);
  });

  it('R87 reads until a page is empty where there is no total, and pages are cut to 100', async () => {
    const everybody = members(1, 450);
    const { webex } = aScriptedWebex(({ query }) => {
      const from = Number(query.get('startIndex')) - 1;
      return { body: { id: groupId(1), members: everybody.slice(from, from + 100) } };
    });
    expect((await all(webex.listMembers(groupId(1)))).flat()).toHaveLength(450);
  });

  it('is incomplete if there are fewer than memberSize', async () => {
    const { webex } = aScriptedWebex(({ query }) => ({
      body: {
        id: groupId(1),
        memberSize: 5,
        members: query.get('startIndex') === '1' ? members(1, 3) : [],
      },
    }));
    await expect(all(webex.listMembers(groupId(1)))).rejects.toMatchObject({
      kind: 'incomplete',
      message: expect.stringContaining('3 of 5'),
    });
  });

  it('is incomplete if there are fewer than the list of groups promised', async () => {
    const { webex } = aScriptedWebex(({ path, query }) => {
      if (path !== memberPath) return { body: { id: groupId(1), memberSize: 12 } };
      const from = Number(query.get('startIndex')) - 1;
      return { body: { id: groupId(1), members: members(1, 3).slice(from) } };
    });
    await expect(all(webex.listMembers(groupId(1), { promised: 12 }))).rejects.toMatchObject({
      kind: 'incomplete',
      context: { came: { list: 'members', shown: 3, promised: 12 } },
    });
  });

  it('R10 knows a group inside a group by the id that the list of groups has', async () => {
    const { webex } = aScriptedWebex(() => ({
      body: { id: groupId(1), memberSize: 1, members: [{ id: uuidNumber(9), type: 'Group' }] },
    }));
    expect((await all(webex.listMembers(groupId(1)))).flat()).toEqual([
      { memberId: groupId(9), type: 'group' },
    ]);
  });

  it('is incomplete when a page repeats members instead of going on', async () => {
    const { webex } = aScriptedWebex(() => ({
      body: { id: groupId(1), memberSize: 6, members: members(1, 3) },
    }));
    await expect(all(webex.listMembers(groupId(1)))).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('says that a group is not there', async () => {
    const { webex } = aScriptedWebex(() => ({ status: 404 }));
    await expect(all(webex.listMembers(groupId(1)))).rejects.toMatchObject({ kind: 'not-found' });
  });
});
