import {
  all,
  asOrganization,
  aScriptedWebex,
  licenseId,
  personId,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => personId(from + i));
const bare = (id: string) => ({ id, emails: [`${id.slice(-4)}@acme.example`] });
const whole = (id: string) => ({ ...bare(id), licenses: [licenseId('FMS')] });

interface DirectoryOptions {
  population: number;
  /** Webex clamps `max` to this. */
  pageSize?: number;
  person?: (id: string) => object;
  gone?: string[];
}

/** `GET /people` over users 1…population, by id and by page. */
function directory({ population, pageSize = 1000, person = whole, gone = [] }: DirectoryOptions) {
  const everybody = ids(1, population).filter((id) => !gone.includes(id));
  return (asked: Asked): Told => {
    const known = asOrganization(asked);
    if (known) return known;
    if (asked.path !== '/v1/people') return { status: 404 };
    const wanted = asked.query.get('id')?.split(',');
    if (wanted) {
      const here = wanted.filter((id) => everybody.includes(id));
      const notFoundIds = wanted.filter((id) => !everybody.includes(id));
      return { body: { items: here.map(person), notFoundIds } };
    }
    const from = Number(asked.query.get('after') ?? 0);
    const to = from + Math.min(Number(asked.query.get('max')), pageSize);
    const link = `<https://elsewhere.example/v1/people?max=${pageSize}&after=${to}>; rel="next"`;
    return {
      body: { items: everybody.slice(from, to).map(person) },
      headers: to < everybody.length ? { link } : {},
    };
  };
}

const peopleCalls = (asked: Asked[]) =>
  asked
    .filter(({ path }) => path === '/v1/people')
    .map(({ query }) => (query.has('id') ? `${query.get('id')!.split(',').length} ids` : 'page'));

describe('listPeople', () => {
  it('yields all users page by page, and reports the count', async () => {
    const { webex, asked } = aScriptedWebex(directory({ population: 2500 }));
    const counts: number[] = [];
    const pages = await all(webex.listPeople({ onPage: (read) => counts.push(read) }));
    expect(pages.map((page) => page.users.length)).toEqual([1000, 1000, 500]);
    expect(counts).toEqual([1000, 2000, 2500]);
    // The last page may be a full one whose link got lost: it is read twice.
    expect(peopleCalls(asked)).toEqual(['page', 'page', 'page', 'page']);
    expect(asked.every(({ headers }) => headers.has('authorization'))).toBe(true);
  });

  it('R87 is incomplete when a page leads to itself', async () => {
    const { webex } = aScriptedWebex((asked) =>
      asked.path === '/v1/people'
        ? {
            body: { items: [] },
            headers: { link: `<https://a/p?${asked.query.toString()}>; rel="next"` },
          }
        : (asOrganization(asked) ?? {}),
    );
    await expect(all(webex.listPeople())).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('is cancelled between pages', async () => {
    const controller = new AbortController();
    const { webex } = aScriptedWebex(directory({ population: 2500 }));
    const read = all(
      webex.listPeople({ signal: controller.signal, onPage: () => controller.abort() }),
    );
    await expect(read).rejects.toMatchObject({ kind: 'aborted' });
  });

  it.each([
    [{ items: [{ id: 7 }] }, 'GET /people: items.0.id: '],
    [{ items: [{ id: 'x', licenses: 'FMS' }] }, 'GET /people: items.0.licenses: '],
    [{ people: [] }, 'GET /people: items: '],
  ])('names operation and field of %j', async (body, message) => {
    const { webex } = aScriptedWebex((asked) => asOrganization(asked) ?? { body }, {
      readRetryMs: 0,
    });
    await expect(all(webex.listPeople())).rejects.toMatchObject({
      kind: 'incomplete',
      message: expect.stringContaining(message),
    });
  });
});

describe('readPeople', () => {
  it.each([
    [1, 10_000, ['1 ids']],
    [85, 10_000, ['85 ids']],
    [100, 10_000, ['85 ids', '15 ids']],
    [850, 10_000, Array.from({ length: 10 }, () => '85 ids')],
    [200, 1000, ['page']],
  ])('reads %i of %i users with the fewest calls', async (count, population, calls) => {
    const { webex, asked } = aScriptedWebex(directory({ population }));
    const pages = await all(webex.readPeople(ids(1, count), population));
    expect(peopleCalls(asked)).toEqual(calls);
    expect(pages.flatMap((page) => page.users.map((user) => user.personId))).toEqual(ids(1, count));
    expect(pages.flatMap((page) => page.notFound)).toEqual([]);
  });

  it('changes over to ids when pages turn out smaller than asked for, and remembers', async () => {
    const population = 10_000;
    const { webex, asked } = aScriptedWebex(directory({ population, pageSize: 100 }));
    const wanted = ids(1, 3000);
    const pages = await all(webex.readPeople(wanted, population));
    expect(pages.flatMap((page) => page.users)).toHaveLength(3000);
    expect(peopleCalls(asked)).toHaveLength(1 + Math.ceil(2900 / 85));
    asked.length = 0;
    await all(webex.readPeople(wanted, population));
    expect(peopleCalls(asked)[0]).toBe('85 ids');
    expect(asked).toHaveLength(Math.ceil(3000 / 85));
  });

  it('asks by id for users that no page showed, and reports those that do not exist', async () => {
    const gone = [personId(3), personId(900)];
    const { webex, asked } = aScriptedWebex(directory({ population: 1000, gone }));
    const pages = await all(webex.readPeople(ids(1, 1000), 1000));
    expect(peopleCalls(asked)).toEqual(['page', '2 ids']);
    expect(pages.flatMap((page) => page.notFound)).toEqual(gone);
    expect(pages.flatMap((page) => page.users)).toHaveLength(998);
  });

  it('asks for each id once, padded or not', async () => {
    const { webex, asked } = aScriptedWebex(directory({ population: 10_000 }));
    const pages = await all(webex.readPeople([personId(1), `${personId(1)}==`], 10_000));
    expect(peopleCalls(asked)).toEqual(['1 ids']);
    expect(pages.flatMap((page) => page.users)).toHaveLength(1);
  });

  it('sends nothing without ids', async () => {
    const { webex, asked } = aScriptedWebex(directory({ population: 10 }));
    expect(await all(webex.readPeople([], 10))).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('people without licenses in the list', () => {
  const held = [licenseId('FMS'), licenseId('MS')];
  /** Everybody holds FMS; the first three hold MS; number 2 also holds one that isn't listed. */
  function bareDirectory(population: number) {
    const people = directory({ population, person: bare });
    const everybody = ids(1, population);
    const holders = [everybody, everybody.slice(0, 3)];
    return (asked: Asked): Told => {
      if (asked.path === '/v1/licenses') {
        return {
          body: {
            items: held.map((id, i) => ({ id, name: 'x', consumedByUsers: holders[i]!.length })),
          },
        };
      }
      const license = held.findIndex((id) => asked.path === `/v1/licenses/${id}`);
      if (license >= 0) {
        const from = Number(asked.query.get('next') ?? 0);
        const link = `<https://a/x?includeAssignedTo=user&limit=300&next=${from + 300}>; rel="next"`;
        return {
          body: {
            id: held[license],
            users: holders[license]!.slice(from, from + 300).map((id) => ({ id })),
          },
          headers: from + 300 < holders[license]!.length ? { link } : {},
        };
      }
      const one = /^\/v1\/people\/(?!me$)(.+)$/.exec(asked.path)?.[1];
      if (!one) return people(asked);
      const n = everybody.indexOf(one) + 1;
      if (n === 4) return { status: 404 };
      const licenses = n === 2 ? [...held, licenseId('WAM')] : n <= 3 ? held : [held[0]!];
      return { body: { ...bare(one), licenses } };
    };
  }
  const licensesOf = (
    pages: { users: { personId: string; holdings: { licenses: string[] } }[] }[],
  ) =>
    new Map(pages.flatMap((p) => p.users.map((u) => [u.personId, u.holdings.licenses] as const)));

  it('are completed by the user pages of licenses when that needs fewer calls', async () => {
    const { webex, calls } = aScriptedWebex(bareDirectory(1500));
    const licenses = licensesOf(await all(webex.listPeople()));
    expect(licenses.size).toBe(1500);
    expect(licenses.get(personId(2))).toEqual([...held].sort());
    expect(licenses.get(personId(1400))).toEqual([held[0]]);
    // Owner, two pages of people and the last once more, the licenses, five pages of FMS and once
    // more the last, and one of MS.
    expect(calls()).toHaveLength(1 + 2 + 1 + 1 + 5 + 1 + 1);
  });

  it('are completed one by one when they are few; of users deleted meanwhile nothing is known', async () => {
    const { webex, calls } = aScriptedWebex(bareDirectory(1500));
    const pages = await all(webex.readPeople([personId(2), personId(4), personId(5)], 1500));
    expect(licensesOf(pages)).toEqual(
      new Map([
        [personId(2), [...held].sort()],
        [personId(5), [held[0]]],
      ]),
    );
    expect(pages.flatMap((page) => page.notFound)).toEqual([]);
    expect(pages.flatMap((page) => page.unanswered)).toEqual([personId(4)]);
    expect(calls().filter((call) => /people\/(?!me)/.test(call))).toHaveLength(3);
  });

  describe('where few are read, each by id', () => {
    const few = ids(1, 5);
    /** Four of five hold MS, and number 5 nothing; `show` says what a question by id shows. */
    function smallDirectory(show: (id: string, held: string[]) => object) {
      const people = directory({ population: 5, person: bare });
      const heldBy = (id: string) => (id === personId(5) ? [] : [held[1]!]);
      return aScriptedWebex((asked) => {
        const one = /^\/v1\/people\/(?!me$)(.+)$/.exec(asked.path)?.[1];
        if (one) return { body: { ...bare(one), ...show(one, heldBy(one)) } };
        if (asked.path === '/v1/licenses') {
          // So many that asking for each person needs fewer calls.
          const others = ['A', 'B', 'C', 'D', 'E'].map((offer) => licenseId(offer));
          return { body: { items: [...held, ...others].map((id) => ({ id })) } };
        }
        const license = /^\/v1\/licenses\/(.+)$/.exec(asked.path)?.[1];
        if (!license) return people(asked);
        const users = license === held[1] ? few.slice(0, 4).map((id) => ({ id })) : [];
        return { body: { id: license, consumedByUsers: users.length, users } };
      });
    }
    const whole = new Map(few.map((id, i) => [id, i < 4 ? [held[1]!] : []]));

    it('hold what the licenses say where the credential is never shown any', async () => {
      const { webex, calls } = smallDirectory(() => ({}));
      expect(licensesOf(await all(webex.readPeople(few, 5)))).toEqual(whole);
      expect(calls().filter((call) => /licenses\/./.test(call)).length).toBeGreaterThan(0);
    });

    it('hold nothing where only their own licenses are not shown', async () => {
      const { webex, calls } = smallDirectory((_, licenses) =>
        licenses.length > 0 ? { licenses } : {},
      );
      expect(licensesOf(await all(webex.readPeople(few, 5)))).toEqual(whole);
      expect(calls().filter((call) => /licenses\/./.test(call))).toEqual([]);
    });

    it('R87 are unknown where the answer is about somebody else', async () => {
      const { webex } = smallDirectory((id, licenses) =>
        id === personId(2) ? { id: personId(1), licenses: [] } : { licenses },
      );
      const pages = await all(webex.readPeople(few, 5));
      expect(licensesOf(pages)).toEqual(new Map([...whole].filter(([id]) => id !== personId(2))));
      expect(pages.flatMap(({ unanswered }) => unanswered)).toEqual([personId(2)]);
    });
  });
});
