import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../../src/simulator/start-simulator';
import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const recorded = join(__dirname, '../../../examples/recorded-org');
const id = (kind: string, value: string): string =>
  Buffer.from(`ciscospark://us/${kind}/${value}`).toString('base64url');
const uuid = (digit: number): string => `${String(digit).repeat(8)}-1111-4111-8111-111111111111`;

describe('an organization from a folder', () => {
  const folders: string[] = [];
  const running: SimulatorCaller[] = [];
  const folderOf = (files: Record<string, unknown>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'org-'));
    folders.push(folder);
    for (const [name, body] of Object.entries(files)) {
      writeFileSync(join(folder, name), typeof body === 'string' ? body : JSON.stringify(body));
    }
    return folder;
  };
  const open = async (org: string): Promise<SimulatorCaller> => {
    const webex = await callSimulator({ org });
    running.push(webex);
    return webex;
  };
  afterAll(async () => {
    await Promise.all(running.map((webex) => webex.close()));
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('shows the recorded organization as it was recorded', async () => {
    const webex = await open(recorded);
    const [licenses, people, groups] = await Promise.all([
      webex.get('/v1/licenses'),
      webex.get('/v1/people?max=1000'),
      webex.get('/v1/groups?count=1000&includeMembers=true'),
    ]);
    const file = (name: string) =>
      jest.requireActual<Record<string, Record<string, unknown>[]>>(join(recorded, name));
    expect(licenses.list('items')).toEqual(file('licenses.json').items);
    expect(groups.list('groups')).toEqual(file('groups.json').groups);
    const byId = (list: Record<string, unknown>[] | undefined) =>
      list?.map((one) => ({ ...one, licenses: [...(one.licenses as string[])].sort() }));
    expect(byId(people.list('items'))).toEqual(byId(file('people.json').items));
    expect((await webex.get('/v1/locations')).body).toEqual(file('locations.json'));
  });

  it('accepts what the real API may omit or add', async () => {
    const license = id('LICENSE', `${uuid(9)}:MS_${uuid(1)}`);
    const unlisted = id('LICENSE', `${uuid(9)}:WAM_${uuid(2)}`);
    const webex = await open(
      folderOf({
        'licenses.json': [
          { id: license, name: 'Advanced Messaging', subscriptionId: 'S', colour: 'red' },
        ],
        'people.json': {
          items: [
            {
              id: id('PEOPLE', uuid(3)),
              emails: ['a@b.example'],
              licenses: [license, unlisted],
              shoe: 42,
              siteUrls: [],
            },
            { id: id('PEOPLE', uuid(4)), siteUrls: ['x.webex.com', 'y.webex.com#attendee'] },
          ],
        },
        'groups.json': {
          items: [{ id: id('SCIM_GROUP', `${uuid(5)}:${uuid(9)}`), displayName: 'G' }],
        },
      }),
    );
    const people = await webex.get('/v1/people');
    expect(people.list('items')).toEqual([
      {
        id: id('PEOPLE', uuid(3)),
        emails: ['a@b.example'],
        shoe: 42,
        licenses: [license, unlisted],
        siteUrls: [],
      },
      {
        id: id('PEOPLE', uuid(4)),
        licenses: [],
        siteUrls: ['x.webex.com', 'y.webex.com#attendee'],
      },
    ]);
    const licenses = await webex.get('/v1/licenses');
    expect(licenses.list('items')).toMatchObject([
      { id: license, colour: 'red', consumedByUsers: 1 },
    ]);
    const groups = await webex.get('/v1/groups');
    expect(groups.list('groups')).toMatchObject([{ displayName: 'G', memberSize: 0 }]);
    const organizations = await webex.get('/v1/organizations');
    expect(organizations.text('items.0.id')).toBe(id('ORGANIZATION', uuid(9)));
  });

  it('shows times, sites, numbers and unknown units as they were recorded', async () => {
    const license = {
      id: id('LICENSE', `${uuid(9)}:EE_${uuid(1)}_Foo.webex.com`),
      name: 'Suite',
      subscriptionId: 'S',
      siteUrl: 'Foo.webex.com',
    };
    const person = {
      id: id('PEOPLE', uuid(3)),
      emails: ['a@b.example'],
      licenses: [],
      lastModified: '2024-01-02T03:04:05Z',
      siteUrls: ['bar.webex.com#attendee', 'foo.webex.com'],
      phoneNumbers: [{ type: 'work', value: '+46811' }],
      extension: '12',
    };
    const group = {
      id: id('SCIM_GROUP', `${uuid(5)}:${uuid(9)}`),
      displayName: 'G',
      created: '2024-01-02T03:04:05+01:00',
      members: [{ id: person.id }, { id: person.id }],
    };
    const webex = await open(
      folderOf({
        'licenses.json': [license],
        'people.json': [person, person],
        'groups.json': [group],
      }),
    );
    expect((await webex.get('/v1/people')).list('items')).toEqual([person]);
    const groups = (await webex.get('/v1/groups')).list('groups');
    expect(groups).toMatchObject([{ created: group.created, memberSize: 1 }]);
    expect((await webex.get('/v1/licenses')).text('items.0.totalUnits')).toBe('undefined');

    const { id: personId } = person;
    const removal = { siteUrl: 'bar.webex.com', accountType: 'attendee', operation: 'remove' };
    const host = await webex.patch({
      personId,
      licenses: [{ id: license.id }],
      siteUrls: [removal],
    });
    expect(host.status).toBe(200);
    const after = await webex.get(`/v1/people/${personId}`);
    expect(after.list('siteUrls')).toEqual(['foo.webex.com']);
    expect(after.text('lastModified')).not.toBe(person.lastModified);
  });

  it('accepts ids that are not Webex ids', async () => {
    const webex = await open(
      folderOf({
        'licenses.json': [{ id: 'license-1', name: 'One', totalUnits: 3 }],
        'people.json': [{ id: 'person-1' }],
        'groups.json': [{ id: 'group-1', members: [{ id: 'person-1' }] }],
      }),
    );
    expect((await webex.get('/v1/groups/group-1/members')).list('members')).toHaveLength(1);
    const written = await webex.patch({ personId: 'person-1', licenses: [{ id: 'license-1' }] });
    expect(written.list('licenses')).toEqual(['license-1']);
  });

  it('belongs to the organization of most people', async () => {
    const people = [8, 9, 9].map((digit, at) => ({
      id: id('PEOPLE', uuid(at + 1)),
      orgId: id('ORGANIZATION', uuid(digit)),
    }));
    const webex = await open(folderOf({ 'licenses.json': [], 'people.json': people }));
    expect((await webex.get('/v1/organizations')).text('items.0.id')).toBe(
      id('ORGANIZATION', uuid(9)),
    );
  });

  it('counts consumed units on from what was recorded', async () => {
    const webex = await open(recorded);
    const rtt = await webex.license('RTT');
    const units = async () => (await webex.get(`/v1/licenses/${rtt}`)).body;
    expect(await units()).toMatchObject({ totalUnits: 10, consumedUnits: 3 });
    const people = await webex.get('/v1/people');
    const person = people.list('items').find((one) => !(one.licenses as string[]).includes(rtt));
    await webex.patch({ personId: person?.id, licenses: [{ id: rtt }] });
    expect(await units()).toMatchObject({ consumedUnits: 4, consumedByUsers: 4 });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no file', {}, /licenses\.json is missing\.$/],
    ['broken JSON', { 'licenses.json': '{"items": [' }, /licenses\.json is not valid JSON: /],
    ['no list', { 'licenses.json': { things: [] } }, /licenses\.json holds no list under items\.$/],
    [
      'two with one id',
      { 'licenses.json': [], 'people.json': [{ id: 'a', x: 1 }, { id: 'a' }] },
      /people\.json: entry 2 has an id seen before\.$/,
    ],
    ['no id', { 'licenses.json': [], 'people.json': [{}] }, /people\.json: entry 1 has no id\.$/],
  ])('explains in one sentence what is wrong: %s', async (_name, files, sentence) => {
    await expect(startSimulator({ org: folderOf(files) })).rejects.toThrow(sentence);
  });

  it('keeps a copy in the data folder and continues without the original', async () => {
    const org = mkdtempSync(join(tmpdir(), 'org-'));
    const dataDir = mkdtempSync(join(tmpdir(), 'data-'));
    folders.push(dataDir);
    cpSync(recorded, org, { recursive: true });
    const first = await callSimulator({ org, dataDir });
    const rtt = await first.license('RTT');
    const personId = (await first.get('/v1/people')).text('items.20.id');
    const written = await first.patch({ personId, licenses: [{ id: rtt }] });
    await first.close();
    rmSync(org, { recursive: true });
    const second = await callSimulator({ dataDir });
    running.push(second);
    const person = await second.get(`/v1/people/${personId}`);
    expect(person.list('licenses')).toEqual(written.list('licenses'));
  });
});
