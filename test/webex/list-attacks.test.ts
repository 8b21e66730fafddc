/**
 * R87: every kind of list against every kind of answer that isn't what Cisco describes. A list is read
 * whole or refused with its figures; it is never taken in part, and no answer leads the token elsewhere.
 */
import { isUuid, uuidOf } from '../../src/domain/model/webex-id';
import type { Bend } from '../support/bends';
import { lists, names, tried, type Name } from '../support/listed';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

type Attack = Omit<Bend, 'call'>;
type Entry = Record<string, unknown>;

const byEachList = (attacks: [string, Attack[]][]) =>
  names.flatMap((name) => attacks.map(([what, bends]) => [name, what, bends] as const));

/** The first entry of each list becomes something else. */
const first = (change: (entry: Entry) => unknown) => (entries: Entry[]) =>
  entries.map((entry, i) => (i === 0 ? change(entry) : entry)) as Entry[];
const withId = (id: unknown) => first((entry) => ({ ...entry, phoneNumber: id, id }));

/** Text instead of a body, made of the right one. */
const text = (write: (json: string) => string): Attack => ({
  body: (body) => write(JSON.stringify(body)),
});

describe('a list that stays malformed', () => {
  const attacks: [string, Attack[]][] = [
    ['an entry is null', [{ list: first(() => null) }]],
    ['an entry is text', [{ list: first(() => 'ann@acme.example') }]],
    ['an entry is a list', [{ list: first(() => []) }]],
    ['an id is a number', [{ list: withId(7) }]],
    ['the body is a list', [{ body: (body) => Object.values(body as Entry).find(Array.isArray) }]],
    ['the body is null', [{ body: () => null }]],
    ['the body is text', [text((json) => JSON.stringify(json))]],
    ['the body is empty', [{ body: () => '' }]],
    ['the body is cut', [text((json) => json.slice(0, json.length / 2))]],
    ['the body is two', [text((json) => `${json}\n${json}`)]],
    [
      'the body is an error, with status 200',
      [
        {
          body: () => ({
            message: 'Something went wrong.',
            errors: [{ description: 'Something went wrong.', errorCode: 1 }],
            trackingId: 'ROUTERGW_1',
          }),
        },
      ],
    ],
  ];

  it.each(byEachList(attacks))('R87 is refused: %s, where %s', async (name, _, bends) => {
    const { read, asked } = tried(name, bends);
    await expect(read).rejects.toMatchObject({
      kind: 'incomplete',
      context: { came: { list: expect.any(String), shown: expect.any(Number) } },
    });
    expect(asked.length).toBeLessThan(60);
  });

  const withoutIds: Name[] = names.filter((name) => name !== 'numbers');
  const noIds: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['empty', ''],
  ];
  const cases = withoutIds.flatMap((name) => noIds.map(([what, id]) => [name, what, id] as const));
  it.each(cases)('R87 is refused: %s, where an id is %s', async (name, _, id) => {
    const { read } = tried(name, [{ list: withId(id) }]);
    await expect(read).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it.each(byEachList(attacks))('R87 is read whole: %s, where once %s', async (name, _, bends) => {
    const { read } = tried(
      name,
      bends.map((bend) => ({ ...bend, nth: 1 })),
    );
    expect(await read).toBe(lists[name].whole);
  });
});

describe('a list that is odd, but whole', () => {
  const attacks: [string, Attack[]][] = [
    ['it begins with a byte order mark', [text((json) => `\uFEFF${json}`)]],
    ['it has blanks around it', [text((json) => `\r\n ${json} \r\n`)]],
    ['entries have unknown fields', [{ list: first((entry) => ({ ...entry, x: { y: [null] } })) }]],
    ['it has unknown fields', [{ fields: { $: null, errors: null, items2: [] } }]],
    ['the type is said to be HTML', [{ headers: { 'content-type': 'text/html' } }]],
    ['it says no type', [{ headers: { 'content-type': null } }]],
  ];

  it.each(byEachList(attacks))('R87 is read whole: %s, where %s', async (name, _, bends) => {
    expect(await tried(name, bends).read).toBe(lists[name].whole);
  });
});

describe('ids that are written in another way', () => {
  const rewritten = (change: (uri: string) => string) => (id: string) => {
    const uri = Buffer.from(id, 'base64url').toString();
    return uri.startsWith('ciscospark:') ? Buffer.from(change(uri)).toString('base64url') : id;
  };
  const capitals = (text: string) =>
    text.replace(/[0-9a-f]{8}(-[0-9a-f]+){4}/g, (uuid) => uuid.toUpperCase());
  const forms: [string, (id: string) => string][] = [
    ['of another region', rewritten((uri) => uri.replace('//us/', '//eu/'))],
    ['padded', (id) => `${id}==`],
    ['with UUIDs in capitals', rewritten(capitals)],
    ['raw UUIDs in capitals', capitals],
    ['bare UUIDs', (id) => uuidOf(id) ?? id],
  ];
  const cases = names
    .filter((name) => name !== 'numbers')
    .flatMap((name) => forms.map(([what, to]) => [name, what, to] as const))
    .filter(([name, what]) => !(name === 'licenses' && what === 'bare UUIDs'));

  /** Every second entry: a list has both forms. */
  const half = (to: (id: string) => string) => (entries: Entry[]) =>
    entries.map((entry, i) => {
      const { id, licenses } = entry as { id: string; licenses?: string[] };
      if (i % 2 === 0) return entry;
      // A license can't be named by a UUID alone.
      const licenseTo = (one: string) => (isUuid(to(one)) ? one : to(one));
      return { ...entry, id: to(id), ...(licenses ? { licenses: licenses.map(licenseTo) } : {}) };
    });

  it.each(cases)('R87 are the same ids: %s, %s', async (name, _, to) => {
    const straight = await tried(name, []).shown;
    expect(await tried(name, [{ list: half(to) }]).shown).toEqual(straight);
  });
});

describe('a key that comes twice', () => {
  const emptied: Attack = {
    nth: 1,
    body: (body) => {
      const [key] = Object.entries(body as Entry).find(([, value]) => Array.isArray(value))!;
      return JSON.stringify(body).replace(/\}$/, `,"${key}":[]}`);
    },
  };
  it.each(names)(
    'R87 hides no page: %s, whose first page ends with an empty list',
    async (name) => {
      expect(await tried(name, [emptied]).read).toBe(lists[name].whole);
    },
  );
});

describe('a total', () => {
  const counted = ['groups', 'members', 'changed users', 'holders'] as const;
  const totals: [string, (whole: number) => unknown][] = [
    ['is text', String],
    ['is text with blanks', (whole) => ` ${whole} `],
    ['is negative', () => -1],
    ['is a fraction', (whole) => whole - 0.5],
    ['is no number', () => 'many'],
    ['is empty', () => ''],
    ['is a list', () => []],
    ['is true', () => true],
    ['is null', () => null],
    ['is 0', () => 0],
  ];
  const cases = counted.flatMap((name) => totals.map(([what, of]) => [name, what, of] as const));

  const figures = (total: unknown) => ({
    fields: { totalResults: total, memberSize: total, consumedByUsers: total },
  });
  const wholeOf = (name: Name) => (name === 'holders' ? 401 : lists[name].whole);

  it.each(cases)('R87 is no reason to show less: %s, where it %s', async (name, _, of) => {
    const { read } = tried(name, [figures(of(wholeOf(name)))]);
    expect(await read).toBe(lists[name].whole);
  });

  const tooMany: [string, (whole: number) => unknown][] = [
    ['as a number', (whole) => whole * 2],
    ['as text', (whole) => String(whole * 2)],
    ['beyond all numbers', () => 1e300],
  ];
  const refused = counted.flatMap((name) => tooMany.map(([what, of]) => [name, what, of] as const));
  it.each(refused)('R87 is not reached: %s, where it is too large, %s', async (name, _, of) => {
    const { read } = tried(name, [figures(of(wholeOf(name)))]);
    await expect(read).rejects.toMatchObject({
      kind: 'incomplete',
      context: {
        came: { shown: wholeOf(name), promised: Math.min(Number(of(wholeOf(name))), 2 ** 31 - 1) },
      },
    });
  });
});

describe('a Link to another host', () => {
  const elsewhere: [string, (query: string) => string][] = [
    ['another host', (query) => `https://evil.example/v1/people?${query}`],
    ['another port', (query) => `https://webex.example:8443/v1/people?${query}`],
    ['plain HTTP', (query) => `http://webex.example/v1/people?${query}`],
    ['a host without scheme', (query) => `//evil.example/v1/people?${query}`],
    ['a user before the host', (query) => `https://webex.example@evil.example/v1?${query}`],
    ['another path', (query) => `https://webex.example/v1/people/../../evil?${query}`],
  ];
  const linked: Name[] = ['people', 'holders', 'locations'];
  const cases = linked.flatMap((name) => elsewhere.map(([what, to]) => [name, what, to] as const));

  it.each(cases)('never gets the token, and is read whole: %s, to %s', async (name, _, to) => {
    const { read, asked } = tried(name, [{ linkTo: to }]);
    expect(await read).toBe(lists[name].whole);
    const called = new Set(asked.map(({ origin, path }) => `${origin}${path}`));
    expect(
      [...called].filter((url) => !/^https:\/\/webex\.example\/(v1|identity)\//.test(url)),
    ).toEqual([]);
    expect([...called].filter((url) => url.includes('evil'))).toEqual([]);
  });

  it.each(names)('is not followed where a list is redirected: %s', async (name) => {
    const { read, asked } = tried(name, [
      { instead: { status: 302, headers: { location: 'https://evil.example/v1/people' } } },
    ]);
    await expect(read).rejects.toMatchObject({ name: 'WebexError' });
    expect(asked.every(({ origin }) => origin === 'https://webex.example')).toBe(true);
  });
});
