/** R87: whatever Webex does to a list, it is either read whole or refused, with both figures. */
import type { Proof } from '../../src/webex/port/webex';
import { htmlPage, cutTo, noList, nothing, type Bend } from '../support/bends';
import { lists, names, tried, type Name } from '../support/listed';
import { all, aScriptedWebex, groupId, licenseId, personId } from '../support/scripted-webex';
import { settled } from '../support/settled';
import { aWholeWebex, type WholeOptions } from '../support/whole-webex';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Pages that are linked by what isn't an index. */
const linkTo = (after: number | string) => ({
  link: `<https://webex.example/v1/x?max=100&limit=300&after=${after}>; rel="next"`,
});

const total = (totalResults: number | undefined) => ({ fields: { totalResults } });
const fifty = () => Array.from({ length: 50 }, (_, i) => ({ id: groupId(i + 1) }));

describe('a list that is whole', () => {
  it.each(names)('R87 is read whole, and proved: %s', async (name) => {
    const { read, proofs } = tried(name, []);
    expect(await read).toBe(lists[name].whole);
    expect(proofs.length).toBeGreaterThan(0);
    for (const { promised, shown } of proofs) expect(promised ?? shown).toBe(shown);
  });
});

describe('a list that is bent once', () => {
  const once: [string, Omit<Bend, 'call'>][] = [
    ['its first page has no Link', { nth: 1, headers: { link: null } }],
    ['its first page is empty', { nth: 1, list: nothing, headers: { link: null } }],
    ['its second page is empty', { nth: 2, list: nothing, headers: { link: null } }],
    ['a page has no list', { nth: 1, list: noList }],
    ['a page is HTML', { nth: 1, body: () => htmlPage }],
    ['a page is {}', { nth: 2, body: () => ({}) }],
    ['it is forbidden', { nth: 2, instead: { status: 403, body: {} } }],
    ['it is unavailable', { nth: 1, instead: { status: 503, body: {} } }],
    ['its second page repeats the first', { nth: 2, repeat: 'first' }],
    ['a page shows everybody twice', { nth: 1, list: (entries) => [...entries, ...entries] }],
  ];
  const cases = names.flatMap((name) => once.map(([what, bend]) => [name, what, bend] as const));

  it.each(cases)('R87 is read whole all the same: %s, where %s', async (name, _, bend) => {
    const { read } = tried(name, [bend]);
    expect(await read).toBe(lists[name].whole);
  });
});

/** Lists by index whose pages are full, whose last page is full, and which are one page. */
const shapes: [Name, WholeOptions][] = [
  ['members', { pageSize: 100 }],
  ['members', { pageSize: 150 }],
  ['members', { pageSize: 450 }],
  ['groups', { pageSize: 7 }],
  ['groups', { pageSize: 4 }],
  ['groups', { pageSize: 2 }],
  ['changed users', { pageSize: 50 }],
];

describe('a list whose total is too small', () => {
  const lies: [string, (n: number, size: number) => number | null | undefined][] = [
    ['is the size of a page', (_, size) => size],
    ['is 1', () => 1],
    ['is one too small', (_, size) => 2 * size - 1],
    ['is missing', () => undefined],
    ['is null', () => null],
    ['grows from page to page', (n, size) => n * size],
    ['shrinks from page to page', (n, size) => Math.max(size, 10 * size - n * 3)],
  ];
  const cases = shapes.flatMap(([name, options]) =>
    lies.map(([what, lie]) => [name, options.pageSize ?? 0, what, lie] as const),
  );

  it.each(cases)('R87 is read whole: %s, %d per page, where it %s', async (...given) => {
    const [name, pageSize, , lie] = given;
    let n = 0;
    const said = () => {
      const total = lie(n, pageSize);
      const small = total && Math.min(total, lists[name].whole);
      return { memberSize: small, totalResults: small };
    };
    const bend: Omit<Bend, 'call'> = {
      body: (body) => {
        n += 1;
        return { ...(body as object), ...said() };
      },
    };
    const { read, proofs } = tried(name, [bend], { pageSize });
    expect(await read).toBe(lists[name].whole);
    for (const { promised, shown } of proofs) expect(shown >= (promised ?? 0)).toBe(true);
  });

  it('R87 is read whole where the group agrees that it has as many members as a page', async () => {
    const { webex } = aWholeWebex({ pageSize: 100 }, [
      { call: lists.members.call, fields: { memberSize: 100 } },
    ]);
    const read = all(webex.listMembers(groupId(1), { promised: 100 }));
    expect((await settled(read)).flat()).toHaveLength(450);
  });
});

describe('a list by index that turns out to be linked, without a total', () => {
  it.each([1, 2])('R87 asks again for a full page that lost its link: page %d', async (lossy) => {
    let asks = 0;
    const { webex } = aScriptedWebex(({ path, query }) => {
      if (path !== '/v1/groups') return { status: 403, body: {} };
      const page = Number(query.get('after') ?? 0);
      const isLost = page === lossy && (asks += 1) === 1;
      const entries = Array.from({ length: 50 }, (_, i) => ({ id: groupId(page * 50 + i + 1) }));
      return {
        headers: page < 3 && !isLost ? linkTo(page + 1) : {},
        body: { groups: entries },
      };
    });
    expect(await settled(webex.listGroups())).toHaveLength(200);
  });
});

describe('a second read of members', () => {
  it('R89 also asks the group, though both lists agree that somebody has left', async () => {
    const left = (entries: Record<string, unknown>[]) => entries.slice(0, -1);
    const bends = [
      { call: lists.members.call, list: left, fields: { memberSize: 449 } },
      { call: 'GET /groups', list: left },
    ];
    const { webex } = aWholeWebex({ pageSize: 500 }, bends);
    const members = (isSecondRead: boolean) =>
      settled(all(webex.listMembers(groupId(1), { promised: 449, isSecondRead })));
    expect((await members(false)).flat()).toHaveLength(449);
    await expect(members(true)).rejects.toMatchObject({
      kind: 'incomplete',
      context: { came: { list: 'members', shown: 449, promised: 450 } },
    });
  });
});

describe('a list that stays bent', () => {
  const cases: [Name, string, Omit<Bend, 'call'>[], WholeOptions?][] = [
    ...names.flatMap((name): [Name, string, Omit<Bend, 'call'>[]][] => [
      [name, 'pages have no list', [{ list: noList }]],
      [name, 'pages are HTML', [{ body: () => htmlPage }]],
      [name, 'pages are {}', [{ body: () => ({}) }]],
    ]),
    ['people', 'pages go A, B, A', [{ headers: linkTo(100) }]],
    ['people', 'pages link to themselves', [{ headers: { link: null } }, { headers: linkTo(0) }]],
    [
      'people',
      'the same page comes with ever new links',
      [{ repeat: 'first', headers: linkTo(7) }],
    ],
    ['holders', 'page one has no Link', [{ headers: { link: null } }]],
    ['holders', 'nobody is shown', [{ list: nothing, headers: { link: null } }]],
    ['groups', 'startIndex is ignored', [{ ask: { startIndex: null } }]],
    ['groups', 'a page is short', [{ list: cutTo(3), ask: { startIndex: '1' } }]],
    ['members', 'startIndex is ignored', [{ ask: { startIndex: null } }]],
    [
      'members',
      'the list ends at 380',
      [
        { list: nothing, from: 5 },
        { list: cutTo(80), nth: 4 },
      ],
    ],
    ['members', 'nobody is shown', [{ list: nothing }]],
    [
      'members',
      'its own count is as short',
      [
        { list: cutTo(80), fields: { memberSize: 80 }, query: { startIndex: '1' } },
        { list: nothing, fields: { memberSize: 80 }, from: 2 },
      ],
    ],
    ['groups', 'a full page is repeated past its total', [{ list: fifty, ...total(50) }]],
    ['groups', 'the total is too large', [total(13)]],
    ['members', 'the total is too large', [{ fields: { memberSize: 451 } }]],
    ['changed users', 'the total is too large', [total(251)]],
    [
      'groups',
      'links go A, B, A, and there is no total',
      [{ headers: linkTo('A'), ...total(undefined) }],
    ],
    ['members', 'nothing is counted', [{ list: nothing, fields: { memberSize: undefined } }]],
    ['licenses', 'the list is empty', [{ list: nothing }]],
    ['numbers', 'start is ignored', [{ ask: { start: '0' } }]],
    ['changed users', 'startIndex is ignored', [{ ask: { startIndex: null } }]],
    ['changed users', 'the list is empty', [{ list: nothing }]],
    ['changed users', 'the total is 0', [{ list: nothing, fields: { totalResults: 0 } }]],
    ['changed users', 'the second page is empty', [{ list: nothing, query: { startIndex: '41' } }]],
  ];

  it.each(cases)('R87 is refused, with its figures: %s, where %s', async (name, _, bends) => {
    const { read, asked } = tried(name, bends);
    await expect(read).rejects.toMatchObject({
      kind: 'incomplete',
      retryable: true,
      context: { came: { shown: expect.any(Number) } },
    });
    expect(asked.length).toBeLessThan(60);
  });

  it('R87 is refused after few reads if its pages are empty, with ever new links', async () => {
    let n = 0;
    const empty = { list: nothing, headers: linkTo(0) };
    const bend: Bend = { call: 'GET /people', ...empty };
    Object.defineProperty(bend, 'headers', { get: () => linkTo(`x${(n += 1)}`) });
    const { webex, asked } = aWholeWebex({}, [bend]);
    await expect(settled(all(webex.listPeople()))).rejects.toMatchObject({ kind: 'incomplete' });
    expect(asked.length).toBeLessThan(20);
  });
});

describe('links that go round', () => {
  it('R87 are refused at once, though each page shows somebody new', async () => {
    let n = 0;
    const fresh: Bend = {
      call: 'GET /people',
      headers: linkTo(100),
      list: () =>
        (n += 1) > 30 ? [] : [{ id: personId(1_000 + n), licenses: [licenseId('FMS')] }],
    };
    const { webex, asked } = aWholeWebex({}, [fresh]);
    const read = settled(all(webex.listPeople()));
    await expect(read).rejects.toThrow('Link: the pages go round');
    await expect(read).rejects.toMatchObject({
      kind: 'incomplete',
      context: { came: { list: 'people', shown: 2, promised: null } },
    });
    // Three attempts of two pages each.
    expect(asked.filter(({ path }) => path === '/v1/people')).toHaveLength(6);
  });
});

describe('what only a comparison can tell', () => {
  it('R87 is said: a full page without Link, and an empty list, were read twice', async () => {
    const full = tried('people', [{ headers: { link: null } }]);
    expect(await full.read).toBe(100);
    expect(full.proofs).toEqual([{ list: 'people', proof: 'reread', promised: null, shown: 100 }]);
    const empty = tried('people', [{ list: nothing, headers: { link: null } }]);
    expect(await empty.read).toBe(0);
    expect(empty.proofs).toEqual([{ list: 'people', proof: 'reread', promised: null, shown: 0 }]);
  });

  it('R87 compares holders without those of other organizations', async () => {
    const external = { id: personId(9_999), type: 'EXTERNAL' };
    const { read, proofs } = tried('holders', [{ list: (users) => [...users, external] }]);
    expect(await read).toBe(lists.holders.whole);
    expect(proofs.find(({ list }) => list === 'license holders')).toMatchObject({
      promised: 401,
      shown: 401,
    });
  });

  it('R87 takes what an administrator has accepted', async () => {
    const { webex } = aWholeWebex({}, [
      { call: 'GET /groups/{groupId}/members', list: cutTo(380), from: 1, nth: 1 },
      { call: 'GET /groups/{groupId}/members', list: nothing, query: { startIndex: '371' } },
    ]);
    const proofs: Proof[] = [];
    const onProof = (proof: Proof) => proofs.push(proof);
    const read = all(webex.listMembers(groupId(1), { promised: 450, acceptShown: 380, onProof }));
    expect((await settled(read)).flat()).toHaveLength(380);
    expect(proofs).toEqual([{ list: 'members', proof: 'accepted', promised: 450, shown: 380 }]);
  });

  it('R87 takes as many groups as an administrator has accepted, and no fewer', async () => {
    const bends = [{ call: 'GET /groups', fields: { totalResults: 14 } }];
    const { webex } = aWholeWebex({}, bends);
    await expect(settled(webex.listGroups({ acceptShown: 13 }))).rejects.toMatchObject({
      kind: 'incomplete',
      context: { came: { list: 'groups', shown: 12, promised: 14 } },
    });
    expect(await settled(webex.listGroups({ acceptShown: 12 }))).toHaveLength(12);
  });
});

describe('a list that changes while it is read', () => {
  const everybody = Array.from({ length: 900 }, (_, i) => i + 1);

  it.each([
    ['one leaves who was shown', (n: number) => everybody.filter((id) => n < 2 || id !== 7)],
    ['twenty leave at once', (n: number) => everybody.filter((id) => n < 2 || id > 20)],
    [
      'one leaves and one joins: the total stays',
      (n: number) => (n < 2 ? everybody : [...everybody.filter((id) => id !== 7), 901]),
    ],
    [
      'one leaves and another moves to what was read already',
      (n: number) =>
        n < 2
          ? everybody
          : [600, ...everybody].filter((id, i) => id !== 7 && (id !== 600 || i === 0)),
    ],
    ['one leaves at every call', (n: number) => everybody.filter((id) => id > n)],
    ['the order is reversed', (n: number) => (n < 2 ? everybody : [...everybody].reverse())],
  ])('R87 shows every member who stayed, where %s', async (_, membersAt) => {
    const { webex, asked } = aWholeWebex({ membersAt });
    const read = all(webex.listMembers(groupId(1)));
    const shown = new Set((await settled(read)).flat().map(({ memberId }) => memberId));
    const stayed = membersAt(asked.length).filter((id) => membersAt(1).includes(id));
    expect(stayed.filter((id) => !shown.has(personId(id)))).toEqual([]);
  });
});
