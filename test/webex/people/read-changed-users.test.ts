import {
  all,
  aScriptedWebex,
  type Asked,
  asOrganization,
  orgUuid,
  personId,
  type Told,
  uuidNumber,
} from '../../support/scripted-webex';

const path = `/identity/scim/${orgUuid}/v2/Users`;
/** User n was changed n minutes before noon. */
const minutesBeforeNoon = (n: number) => new Date(Date.UTC(2026, 0, 1, 12) - n * 60_000);
const entry = (n: number) => ({
  id: uuidNumber(n),
  active: n % 2 === 0,
  meta: { lastModified: minutesBeforeNoon(n).toISOString() },
});

function aDirectory(size: number, told: (asked: Asked) => Told | undefined = () => undefined) {
  const entries = Array.from({ length: size }, (_, i) => entry(i + 1));
  return aScriptedWebex((asked) => {
    const { query } = asked;
    const from = Number(query.get('startIndex')) - 1;
    const page = entries.slice(from, from + Number(query.get('count')));
    return (
      asOrganization(asked) ??
      told(asked) ?? {
        body: { totalResults: size, itemsPerPage: page.length, Resources: page },
      }
    );
  });
}

const changedIds = async (webex: ReturnType<typeof aDirectory>['webex'], since: Date) =>
  (await all(webex.listChangedUsers(since))).flatMap(({ changed }) =>
    changed.map((user) => user.personId),
  );

describe('listChangedUsers', () => {
  it('R15 reads the newest first, and stops at the first older user', async () => {
    const { webex, asked } = aDirectory(5_000);
    const pages = await all(webex.listChangedUsers(minutesBeforeNoon(3)));
    expect(pages).toEqual([
      {
        changed: [1, 2, 3].map((n) => ({
          personId: personId(n),
          lastModified: minutesBeforeNoon(n),
          active: n % 2 === 0,
        })),
      },
    ]);
    const [, call] = asked;
    expect(asked).toHaveLength(2);
    expect(call?.path).toBe(path);
    expect(call?.query.get('sortBy')).toBe('meta.lastModified');
    expect(call?.query.get('sortOrder')).toBe('descending');
  });

  it.each([1, 10, 49, 50, 51, 549, 551, 1_700])(
    'R15 finds each of %d changed users once',
    async (changed) => {
      const { webex } = aDirectory(2_000);
      const ids = await changedIds(webex, minutesBeforeNoon(changed));
      expect(ids).toEqual(Array.from({ length: changed }, (_, i) => personId(i + 1)));
    },
  );

  it.each([1, 5, 10, 11, 50, 60, 61])('ends after all of %d users', async (size) => {
    const { webex } = aDirectory(size);
    expect(await changedIds(webex, new Date(0))).toHaveLength(size);
  });

  it('R15 misses nobody when users are deleted between two pages', async () => {
    let entries = Array.from({ length: 120 }, (_, i) => entry(i + 1));
    const { webex } = aDirectory(0, ({ query }) => {
      const from = Number(query.get('startIndex')) - 1;
      const page = entries.slice(from, from + Number(query.get('count')));
      const body = { totalResults: entries.length, Resources: page };
      entries = entries.filter(({ id }) => id !== uuidNumber(7) && id !== uuidNumber(8));
      return { body };
    });
    expect(await changedIds(webex, new Date(0))).toHaveLength(120);
  });

  it.each([
    ['a token that may not', 403, 'forbidden'],
    ['a Webex without it', 404, 'rejected'],
  ])('reports %s', async (_, status, kind) => {
    const { webex } = aDirectory(10, () => ({ status }));
    await expect(changedIds(webex, new Date(0))).rejects.toMatchObject({ kind });
  });

  it.each([
    ['an order that was not asked for', [entry(2), entry(1)]],
    ['a time that is none', [{ ...entry(1), meta: { lastModified: 'yesterday' } }]],
    ['a user without a time', [{ id: uuidNumber(1) }]],
  ])('R87 treats %s as incomplete', async (_, Resources) => {
    const { webex } = aDirectory(10, () => ({ body: { totalResults: 2, Resources } }));
    await expect(changedIds(webex, new Date(0))).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('R87 treats pages that repeat as incomplete', async () => {
    const Resources = Array.from({ length: 50 }, (_, i) => entry(i + 1));
    const { webex } = aDirectory(10, () => ({ body: { totalResults: 500, Resources } }));
    await expect(changedIds(webex, new Date(0))).rejects.toMatchObject({ kind: 'incomplete' });
  });

  it('R87 treats an empty list as incomplete: users who have never changed are listed too', async () => {
    const { webex } = aDirectory(0);
    await expect(changedIds(webex, new Date(0))).rejects.toMatchObject({ kind: 'incomplete' });
  });
});
