import { request } from 'node:http';
import { callSimulator, type Reply, type SimulatorCaller } from '../../support/simulator-caller';

describe('reading', () => {
  let webex: SimulatorCaller;
  beforeAll(async () => {
    webex = await callSimulator({ users: 730 });
  });
  afterAll(() => webex.close());

  const nextOf = (reply: Reply): string | undefined =>
    /^<([^>]+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1];
  async function pages(path: string, key: string): Promise<Record<string, unknown>[][]> {
    const result: Record<string, unknown>[][] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const reply: Reply = await webex.get(next.replace(webex.url, ''));
      result.push(reply.list(key));
      next = nextOf(reply);
    }
    return result;
  }
  const distinct = (list: Record<string, unknown>[][]) =>
    new Set(list.flat().map((one) => one.id)).size;

  it.each([
    ['max=100', 8, 100],
    ['', 8, 100],
    ['max=1000', 1, 730],
    ['max=5000', 1, 730],
    ['max=1000&callingData=true', 8, 100],
  ])('pages people with Link: %s', async (query, count, size) => {
    const found = await pages(`/v1/people?${query}`, 'items');
    expect(found).toHaveLength(count);
    expect(found[0]).toHaveLength(size);
    expect(distinct(found)).toBe(730);
  });

  it('returns at most 50 people with locationId', async () => {
    const location = (await webex.get('/v1/locations')).text('items.0.id');
    const found = await pages(`/v1/people?max=1000&locationId=${location}`, 'items');
    expect(found.every((page) => page.length <= 50)).toBe(true);
    expect(distinct(found)).toBeGreaterThan(0);
  });

  it('returns smaller pages of people if the settings say so', async () => {
    await webex.set({ peoplePageCap: 300 });
    expect(await pages('/v1/people?max=1000', 'items')).toHaveLength(3);
    await webex.set({ peoplePageCap: 1000 });
  });

  it('shows the attributes of groups that are asked for', async () => {
    const groups = await webex.get('/v1/groups?attributes=displayName&count=1');
    expect(Object.keys(groups.list('groups')[0] ?? {})).toEqual(['id', 'displayName']);
  });

  it('finds people by ids, e-mail, name and role', async () => {
    const people = (await webex.get('/v1/people')).list('items');
    const ids = people.slice(0, 3).map((one) => one.id);
    const byId = await webex.get(`/v1/people?id=${[...ids, 'nobody'].join(',')}`);
    expect(byId.list('items').map((one) => one.id)).toEqual(ids);
    expect(byId.list('notFoundIds')).toEqual(['nobody']);
    const email = (people[7]!.emails as string[])[0]!;
    expect((await webex.get(`/v1/people?email=${email}`)).list('items')).toEqual([people[7]]);
    expect((await webex.get('/v1/people?email=nobody@x.example')).list('items')).toEqual([]);
    const name = String(people[7]!.displayName);
    const named = await webex.get(`/v1/people?displayName=${name.slice(0, 6)}`);
    expect(named.list('items').map((one) => one.id)).toContain(people[7]!.id);
    const role = (await webex.get('/v1/roles')).text('items.0.id');
    expect((await webex.get(`/v1/people?roles=${role}`)).list('items')).toHaveLength(1);
  });

  it('leaves the status out where it is excluded', async () => {
    expect((await webex.get('/v1/people')).list('items')[0]).toHaveProperty('status');
    const without = await webex.get('/v1/people?excludeStatus=true');
    expect(without.list('items')[0]).not.toHaveProperty('status');
  });

  it('refuses more than 85 ids and foreign cursors', async () => {
    const ids = Array.from({ length: 86 }, () => 'x').join(',');
    expect((await webex.get(`/v1/people?id=${ids}`)).status).toBe(400);
    expect((await webex.get('/v1/people?cursor=x')).status).toBe(400);
  });

  it('omits licenses from lists if the settings say so', async () => {
    await webex.set({ licensesInLists: false });
    const list = await webex.get('/v1/people?max=1');
    expect(list.list('items')[0]).not.toHaveProperty('licenses');
    const one = await webex.get(`/v1/people/${list.text('items.0.id')}`);
    expect(one.body).toHaveProperty('licenses');
    await webex.set({ licensesInLists: true });
  });

  it('pages the users of a license by 300', async () => {
    const id = await webex.license('FTC');
    const found = await pages(`/v1/licenses/${id}?includeAssignedTo=user&limit=5000`, 'users');
    expect(found.map((page) => page.length)).toEqual([300, 300, 128]);
    expect(distinct(found)).toBe(728);
    expect(found[0]![0]).toMatchObject({ type: 'INTERNAL' });
  });

  it('R47 free licenses have as many units as there are users', async () => {
    const licenses = (await webex.get('/v1/licenses')).list('items');
    const byName = (name: string) => licenses.find((one) => one.name === name);
    expect(byName('Basic Messaging')).toMatchObject({ totalUnits: 730 });
    expect(byName('Basic Messaging')).not.toHaveProperty('subscriptionId');
    expect(byName('Route List Calls')).toMatchObject({ consumedByUsers: null });
    expect(byName('Webex Calling - Workspaces')).toMatchObject({ consumedByWorkspaces: 4 });
    expect(licenses.some((one) => one.name === 'WAM')).toBe(false);
  });

  it('filters, sorts and pages groups', async () => {
    const found = await webex.get('/v1/groups?filter=displayName eq "Project team"');
    expect(found.body).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 3 });
    const starting = await webex.get('/v1/groups?filter=displayName sw "proj"');
    expect(starting.body).toMatchObject({ totalResults: 3 });
    expect((await webex.get('/v1/groups?filter=nonsense')).status).toBe(400);
    const sorted = await webex.get('/v1/groups?sortBy=displayName&sortOrder=descending&count=4');
    const names = sorted.list('groups').map((one) => String(one.displayName));
    expect(names).toEqual([...names].sort().reverse());
    expect(distinct(await pages('/v1/groups?count=4', 'groups'))).toBe(20);
  });

  it.each(['members', 'Members'])('pages %s of a group', async (word) => {
    const group = (await webex.get('/v1/groups')).list('groups')[0]!;
    const found = await pages(`/v1/groups/${String(group.id)}/${word}?count=20`, 'members');
    expect(distinct(found)).toBe(group.memberSize);
    expect(found[0]).toHaveLength(20);
  });

  it('answers unknown paths, wrong methods and unknown things as Webex does', async () => {
    const unknown = await webex.get('/v1/nothing');
    expect(unknown.status).toBe(404);
    expect(unknown.text('message')).toBe('No static resource hydra/v1/nothing.');
    const group = (await webex.get('/v1/groups')).text('groups.0.id');
    const wrong = await webex.call('POST', `/v1/groups/${group}/members`, {});
    expect(wrong.status).toBe(405);
    expect(wrong.text('message')).toBe(
      "The requested resource only allows certain HTTP request methods. 'POST' is not supported.",
    );
    expect(wrong.text('trackingId')).toMatch(/^ROUTERGW_/);
    for (const path of ['people/x', 'groups/x', 'licenses/x', 'locations/x', 'organizations/x']) {
      const reply = await webex.get(`/v1/${path}`);
      expect(reply.status).toBe(404);
      expect(reply.list('errors')[0]).toMatchObject({ errorCode: 1 });
    }
  });

  it('echoes a TrackingID and compresses where that is accepted', async () => {
    const headers = { authorization: `Bearer ${webex.adminToken}`, trackingid: 'MINE_1' };
    const reply = await fetch(`${webex.url}/v1/people`, { headers });
    expect(reply.headers.get('trackingid')).toBe('MINE_1');
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    expect(reply.headers.get('server')).toBe('istio-envoy');
    const plain = await new Promise<string | undefined>((resolve) => {
      request(`${webex.url}/v1/people`, { headers }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      }).end();
    });
    expect(plain).toBeUndefined();
  });
});

describe('SCIM', () => {
  let webex: SimulatorCaller;
  let base: string;
  beforeAll(async () => {
    webex = await callSimulator();
    const orgId = (await webex.get('/v1/organizations')).text('items.0.id');
    base = `/identity/scim/${Buffer.from(orgId, 'base64url').toString().split('/').at(-1)!}/v2`;
  });
  afterAll(() => webex.close());

  it('refuses the base64 id of the organization in the words of SCIM', async () => {
    const orgId = (await webex.get('/v1/organizations')).text('items.0.id');
    const reply = await webex.get(`/identity/scim/${orgId}/v2/Users`);
    expect(reply.status).toBe(403);
    const details = 'urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error';
    expect(reply.body).toMatchObject({ status: '403', [details]: { errorCode: '200003' } });
    expect((await webex.get(`${base}/Users/nobody`)).status).toBe(404);
  });

  it('R15 finds users changed since a time, latest first', async () => {
    const since = new Date().toISOString();
    const changed = [await webex.user('one', ['FSS']), await webex.user('two', ['FSS'])];
    const query = `filter=meta.lastModified ge "${since}"&sortBy=meta.lastModified&sortOrder=descending`;
    const reply = await webex.get(`${base}/Users?${query}`);
    expect(reply.list('Resources').map((one) => one.displayName)).toEqual(['two', 'one']);
    expect(changed).toHaveLength(2);
    const all = await webex.get(`${base}/Users?sortBy=meta.lastModified&count=5&startIndex=3`);
    expect(all.body).toMatchObject({ totalResults: 62, itemsPerPage: 5, startIndex: 3 });
  });

  it.each([
    ['userName sw "o" and displayName eq "one"', 1],
    ['displayName eq "one" or displayName eq "two"', 2],
    ['displayName eq "a and b"', 0],
    ['userName pr', 62],
    ['active eq false and id pr', 0],
  ])('filters users: %s', async (filter, count) => {
    const reply = await webex.get(`${base}/Users?filter=${encodeURIComponent(filter)}`);
    expect(reply.body).toMatchObject({ totalResults: count });
  });

  it('refuses filters that it does not understand', async () => {
    expect((await webex.get(`${base}/Users?filter=what`)).status).toBe(400);
  });

  it('R12 shows the origin of groups, R13 location groups, and machines', async () => {
    const groups = (await webex.get(`${base}/Groups?includeMembers=true`)).list('Resources');
    const extension = 'urn:scim:schemas:extension:cisco:webexidentity:2.0:Group';
    const told = groups.map((one) => one[extension] as { usage: string; provisionSource: string });
    expect(told.filter((one) => one.usage === 'location')).toHaveLength(3);
    expect(told.some((one) => one.provisionSource === 'AD')).toBe(true);
    const place = groups.find((one) => one.displayName === 'Head office');
    const members = `${base}/Groups/${String(place?.id)}/Members`;
    const machines = await webex.get(`${members}?memberType=machine`);
    expect(machines.list('members').map((one) => one.type)).toEqual(['machine', 'machine']);
    const bare = await webex.get(`${base}/Groups/${String(place?.id)}?excludedAttributes=members`);
    expect(bare.body).not.toHaveProperty('members');
  });
});
