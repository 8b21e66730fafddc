import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const decoded = (id: string) => Buffer.from(id, 'base64url').toString();

describe('writing people and groups', () => {
  let webex: SimulatorCaller;
  let count = 0;
  const create = async (body: object = {}) =>
    webex.call('POST', '/v1/people', {
      emails: [`created-${(count += 1)}@aspen.example`],
      displayName: 'Created',
      ...body,
    });
  beforeAll(async () => {
    webex = await callSimulator();
  });
  afterAll(() => webex.close());

  it('R20 adds the four free licenses to a new user, and the requested ones that are available', async () => {
    const plain = await create();
    expect(plain.list('licenses')).toHaveLength(4);
    expect(plain.body).toMatchObject({ invitePending: true, type: 'person', status: 'pending' });
    const asked = await create({ licenses: [await webex.license('MS'), 'unknown'] });
    expect(asked.status).toBe(200);
    expect(asked.list('licenses')).toHaveLength(5);
    const short = await webex.license('CJPPRM');
    await webex.control('PATCH', `licenses/${short}`, { totalUnits: 0 });
    expect((await create({ licenses: [short] })).list('licenses')).toHaveLength(4);
  });

  it.each<[number, string, object]>([
    [400, 'no e-mail', { emails: [] }],
    [400, 'no name', { displayName: undefined }],
    [409, 'an e-mail that is taken', { emails: ['created-1@aspen.example'] }],
  ])('answers %i to %s', async (status, _case, body) => {
    expect((await create(body)).status).toBe(status);
  });

  it('answers with the id alone where minResponse is asked for', async () => {
    const reply = await webex.call('POST', '/v1/people?minResponse=true', {
      emails: ['brief@aspen.example'],
      displayName: 'Brief',
    });
    expect(reply.body).toEqual({ id: expect.any(String) as string });
    expect((await webex.get(`/v1/people/${reply.text('id')}`)).status).toBe(200);
  });

  it('may answer 400 although it created the user', async () => {
    await webex.set({ faults: { error5xxAfter: { probability: 1, status: 400 } } });
    expect((await create({ emails: ['made@aspen.example'] })).status).toBe(400);
    await webex.set({ faults: {} });
    expect((await webex.get('/v1/people?email=made@aspen.example')).list('items')).toHaveLength(1);
  });

  it('R83 a PUT replaces everything, including licenses', async () => {
    const made = await create({ title: 'Old', licenses: [await webex.license('MS')] });
    const path = `/v1/people/${made.text('id')}`;
    const person = made.body as Record<string, unknown>;
    const licenses = made.list('licenses').slice(0, 4);
    const put = await webex.call('PUT', path, { ...person, title: undefined, licenses });
    expect(put.body).not.toHaveProperty('title');
    expect(put.list('licenses')).toEqual(licenses);
    const implicit = await webex.call('PUT', path, { ...person, licenses: [] });
    expect(implicit.list('errors')[0]).toMatchObject({ errorCode: 700006 });
  });

  it('accepts an attendee site by PUT only with showAllTypes', async () => {
    const site = 'aspen.example.webex.com#attendee';
    const made = await create({ siteUrls: [site] });
    expect(made.list('siteUrls')).toEqual([site]);
    const path = `/v1/people/${made.text('id')}`;
    const body = { ...(made.body as object), siteUrls: [] };
    expect((await webex.call('PUT', path, body)).list('siteUrls')).toEqual([site]);
    const all = await webex.call('PUT', `${path}?showAllTypes=true`, body);
    expect(all.list('siteUrls')).toEqual([]);
  });

  it('a deleted user is gone from lists, licenses and groups, and the unit is free', async () => {
    const rtt = await webex.license('RTT');
    const units = async () => (await webex.get(`/v1/licenses/${rtt}`)).body;
    const before = await units();
    const personId = (await create({ licenses: [rtt] })).text('id');
    const group = await webex.call('POST', '/v1/groups', {
      displayName: 'G',
      members: [{ id: personId }],
    });
    expect(group.body).toMatchObject({ memberSize: 1 });
    expect((await webex.call('DELETE', `/v1/people/${personId}`)).status).toBe(204);
    expect((await webex.get(`/v1/people?id=${personId}`)).list('notFoundIds')).toEqual([personId]);
    expect((await webex.get(`/v1/groups/${group.text('id')}`)).body).toMatchObject({
      memberSize: 0,
    });
    expect(await units()).toEqual(before);
    expect((await webex.patch({ personId, licenses: [] })).status).toBe(404);
  });

  it('adds and deletes members, and empties a group at once', async () => {
    const [one, two] = [(await create()).text('id'), (await create()).text('id')];
    const group = await webex.call('POST', '/v1/groups', { displayName: 'Team', description: 'D' });
    const path = `/v1/groups/${group.text('id')}`;
    const patch = async (body: object) => (await webex.call('PATCH', path, body)).body;
    expect(await patch({ members: [{ id: one }, { id: two, operation: 'add' }] })).toMatchObject({
      memberSize: 2,
    });
    expect(await patch({ members: [{ id: one, operation: 'delete' }] })).toMatchObject({
      memberSize: 1,
    });
    expect((await webex.get(`${path}/members`)).list('members')).toMatchObject([
      { id: two, type: 'user' },
    ]);
    const purged = await fetch(webex.url + path, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${webex.adminToken}` },
      body: 'purgeAllValues:{"attributes":["members"]}',
    });
    expect(await purged.json()).toMatchObject({ memberSize: 0 });
    expect((await webex.call('PATCH', path, { members: [{ id: 'nobody' }] })).status).toBe(404);
    expect((await webex.call('POST', '/v1/groups', {})).status).toBe(400);
    const many = Array.from({ length: 501 }, () => ({ id: one }));
    expect((await webex.call('PATCH', path, { members: many })).status).toBe(400);
  });

  it('answers bodies that are no JSON or too large in its own words', async () => {
    const headers = {
      authorization: `Bearer ${webex.adminToken}`,
      'content-type': 'application/json',
    };
    const post = async (body: string) =>
      fetch(`${webex.url}/v1/groups`, { method: 'POST', headers, body });
    expect((await post('{')).status).toBe(400);
    expect((await post(' '.repeat(1_100_000))).status).toBe(413);
  });
});

describe('the controls', () => {
  let webex: SimulatorCaller;
  beforeAll(async () => {
    webex = await callSimulator();
  });
  afterAll(() => webex.close());

  it('describe themselves', async () => {
    const reply = await webex.control('GET', '');
    expect(reply.body).toMatchObject({ users: 60 });
    expect(reply.list('controls').length).toBeGreaterThan(15);
  });

  it('name every fault of a setting', async () => {
    const reply = await webex.control('PUT', 'settings', {
      overage: 'maybe',
      speed: 3,
      latencyMs: -1,
    });
    expect(reply.status).toBe(400);
    const faults = reply
      .list('errors')
      .map((one) => String(one.description))
      .join('\n');
    for (const word of ['overage', 'speed', 'latencyMs']) expect(faults).toContain(word);
  });

  it('change a user without a line in the log of writes', async () => {
    const person = (await webex.get('/v1/people')).list('items')[9]!;
    const rtt = await webex.license('RTT');
    await webex.control('PATCH', `people/${String(person.id)}`, {
      addLicenses: [rtt],
      attendeeSites: ['aspen.example.webex.com'],
      fields: { title: 'Chief', department: null },
    });
    const shown = await webex.get(`/v1/people/${String(person.id)}`);
    expect(shown.body).toMatchObject({ title: 'Chief' });
    expect(shown.body).not.toHaveProperty('department');
    expect(shown.list('licenses')).toContain(rtt);
    expect(shown.list('siteUrls')).toContain('aspen.example.webex.com#attendee');
    expect((await webex.control('GET', 'writes')).list('items')).toEqual([]);
    expect((await webex.control('DELETE', `people/${String(person.id)}`)).status).toBe(204);
    expect((await webex.get(`/v1/people/${String(person.id)}`)).status).toBe(404);
  });

  it('change members, names and groups', async () => {
    const group = (await webex.get('/v1/groups'))
      .list('groups')
      .find((one) => one.memberSize === 0)!;
    const person = (await webex.get('/v1/people')).text('items.4.id');
    const path = `groups/${String(group.id)}`;
    const added = await webex.control('POST', `${path}/members`, { add: [person] });
    expect(added.list('members')).toHaveLength(1);
    expect((await webex.control('PATCH', path, { displayName: 'Renamed' })).body).toMatchObject({
      displayName: 'Renamed',
    });
    expect((await webex.control('DELETE', path)).status).toBe(204);
    expect((await webex.control('GET', path)).status).toBe(404);
  });

  it('R10 put a group into a group, which groups and SCIM show alike', async () => {
    const [outer, inner] = (await webex.get('/v1/groups')).list('groups');
    const path = `groups/${String(outer!.id)}`;
    const members = async () => (await webex.get(`/v1/${path}/members?count=500`)).list('members');
    await webex.control('POST', `${path}/members`, { add: [inner!.id] });
    expect((await members()).at(-1)).toEqual({
      id: inner!.id,
      type: 'group',
      displayName: inner!.displayName,
    });
    const truth = (await webex.control('GET', path)).list('members');
    expect(truth).toHaveLength(Number((await webex.get(`/v1/${path}`)).text('memberSize')));
    const [, uuid] = /SCIM_GROUP\/([^:]+):(.+)$/.exec(decoded(String(outer!.id)))!;
    const scim = `/identity/scim/${decoded(String(outer!.id)).split(':').at(-1)!}/v2/Groups/${uuid!}`;
    const nested = (await webex.get(`${scim}/Members?memberType=group`)).list('members');
    expect(nested).toEqual([
      {
        value: decoded(String(inner!.id)).split(/[/:]/).at(-2),
        type: 'group',
        display: inner!.displayName,
      },
    ]);
    await webex.control('POST', `${path}/members`, { remove: [inner!.id] });
    expect((await members()).map(({ type }) => type)).not.toContain('group');
    expect((await webex.control('POST', `${path}/members`, { add: ['nobody'] })).status).toBe(400);
  });

  it('R12 change the origin of a group', async () => {
    const [group] = (await webex.get('/v1/groups')).list('groups');
    const origin = { usage: 'distribution', provisionSource: 'AD' };
    const changed = await webex.control('PATCH', `groups/${String(group!.id)}`, origin);
    expect(changed.body).toMatchObject({ ...origin, displayName: group!.displayName });
  });

  it.each([
    ['admits it', true],
    ['hides it', false],
  ])('R33 shorten a member list in a way that %s', async (_, admits) => {
    const group = (await webex.get('/v1/groups'))
      .list('groups')
      .find((one) => Number(one.memberSize) > 5)!;
    await webex.set({ shortMemberLists: { [String(group.id)]: { shown: 3, admits } } });
    const shown = await webex.get(`/v1/groups/${String(group.id)}/members?count=2&startIndex=3`);
    expect(shown.list('members')).toHaveLength(1);
    expect(shown.body).toMatchObject({ memberSize: admits ? group.memberSize : 3 });
    await webex.set({ shortMemberLists: {} });
  });

  it('log each write with what it changed, in pages and as lines', async () => {
    const rtt = await webex.license('RTT');
    const personId = await webex.user('logged', ['FSS']);
    for (const operation of ['add', 'add', 'remove']) {
      await webex.patch({ personId, licenses: [{ id: rtt, operation }] });
    }
    const first = await webex.control('GET', 'writes?limit=2');
    expect(first.body).toMatchObject({ next: 2, total: 3 });
    expect(first.list('items')).toMatchObject([
      {
        seq: 1,
        operation: 'assign licenses',
        isEffective: true,
        statusTold: 200,
        toldFailure: false,
        after: { licenses: expect.arrayContaining([rtt]) },
      },
      { seq: 2, isEffective: false, body: { personId } },
    ]);
    const rest = await webex.control('GET', 'writes?since=2');
    expect(rest.body).toMatchObject({
      next: null,
      items: [{ seq: 3, before: { licenses: expect.arrayContaining([rtt]) } }],
    });
    const lines = await fetch(`${webex.url}/_simulator/writes?format=ndjson`);
    expect((await lines.text()).trim().split('\n')).toHaveLength(3);
    await webex.control('DELETE', 'writes');
    await webex.patch({ personId, licenses: [{ id: rtt }] });
    expect((await webex.control('GET', 'writes')).list('items')).toMatchObject([{ seq: 4 }]);
  });

  it('tell the truth about all users', async () => {
    const page = await webex.control('GET', 'people?limit=10');
    expect(page.list('items')).toHaveLength(10);
    expect(page.body).toMatchObject({ next: 9 });
    const text = await (await fetch(`${webex.url}/_simulator/people?format=ndjson`)).text();
    expect(text.trim().split('\n').length).toBeGreaterThanOrEqual(60);
  });

  it('change every second user at once, without the log of writes', async () => {
    const rtt = await webex.license('RTT');
    await webex.control('DELETE', 'writes');
    const asked = { every: 2, addLicenses: [rtt], immediate: true };
    const { body } = await webex.control('PATCH', 'people', asked);
    const rows = async (isWanted: (held: string[]) => boolean) => {
      const items = (await webex.control('GET', 'people?limit=1000')).list('items');
      const people = items.filter(
        ({ exists, licenses }) => exists && isWanted(licenses as string[]),
      );
      return people.map(({ row }) => Number(row));
    };
    const lacking = await rows((held) => !held.includes(rtt));
    expect(lacking.filter((row) => row % 2 === 0)).toEqual([]);
    expect((body as { changed: number }).changed).toBeGreaterThan(0);
    expect((await webex.control('PATCH', 'people', asked)).body).toEqual({ changed: 0 });
    expect((await webex.control('GET', 'writes')).list('items')).toEqual([]);
    await webex.control('PATCH', 'people', { removeLicenses: [rtt], immediate: true });
    expect(await rows((held) => held.includes(rtt))).toEqual([]);
  });

  it('count calls per operation and status', async () => {
    await webex.control('DELETE', 'counters');
    await webex.get('/v1/roles');
    await webex.get('/v1/people/nobody');
    await webex.patch({});
    expect((await webex.control('GET', 'counters')).body).toEqual({
      reads: 2,
      writes: 1,
      byOperation: {
        'list roles': { 200: 1 },
        'get person': { 404: 1 },
        'assign licenses': { 400: 1 },
      },
      byStatus: { 200: 1, 400: 1, 404: 1 },
    });
  });
});
