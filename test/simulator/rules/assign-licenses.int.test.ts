import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const siteA = 'aspen.example.webex.com';
const free = ['FMS', 'FTM', 'FTC', 'FSS'];

describe('PATCH /v1/licenses/users', () => {
  let webex: SimulatorCaller;
  let count = 0;
  const newUser = (...offers: string[]): Promise<string> =>
    webex.user(`user-${(count += 1)}`, offers);
  const change = async (
    personId: string,
    add: readonly string[],
    remove: readonly string[] = [],
    more: object = {},
  ) => {
    const licenses = [
      ...(await Promise.all(add.map(async (offer) => ({ id: await webex.license(offer) })))),
      ...(await Promise.all(
        remove.map(async (offer) => ({ id: await webex.license(offer), operation: 'remove' })),
      )),
    ];
    return webex.patch({ personId, licenses, ...more });
  };
  const attendee = (operation: string, siteUrl = siteA) => ({
    siteUrls: [{ siteUrl, accountType: 'attendee', operation }],
  });

  beforeAll(async () => {
    webex = await callSimulator({
      settings: {
        // Offers of the listed licenses stand in for those whose codes aren't public.
        offers: { attendantConsole: ['UCPREM'], customerAssist: ['BCCA'], messenger: ['BCRLC'] },
      },
    });
  });
  afterAll(() => webex.close());

  it('shows everything that the user now has, host and attendee sites included', async () => {
    const personId = await newUser(...free);
    const host = await change(
      personId,
      ['EE', 'MS'],
      [],
      attendee('add', `aspen-emea.example.webex.com`),
    );
    expect(host.status).toBe(200);
    expect(host.body).toMatchObject({
      personId,
      siteUrls: [
        { siteUrl: siteA, accountType: 'host' },
        { siteUrl: 'aspen-emea.example.webex.com', accountType: 'attendee' },
      ],
    });
    expect(host.list('licenses')).toHaveLength(6);
  });

  it('writes account types as the caller does, or in capitals for clients that need it', async () => {
    const personId = await newUser(...free);
    const types = async (accountType: string): Promise<unknown[]> => {
      const siteUrls = [{ siteUrl: siteA, accountType }];
      return (await change(personId, ['RTT'], [], { siteUrls }))
        .list('siteUrls')
        .map((one) => one.accountType);
    };
    expect(await types('attendee')).toEqual(['attendee']);
    expect(await types('ATTENDEE')).toEqual(['ATTENDEE']);
    await webex.set({ accountTypes: 'upper' });
    expect(await types('attendee')).toEqual(['ATTENDEE']);
    await webex.set({ accountTypes: 'as-asked' });
  });

  it.each([['FMS'], ['FMS', 'MS']])('R56 adds Basic Space Meetings with %s', async (...offers) => {
    const personId = await newUser('FTC', 'FSS');
    const reply = await change(personId, offers);
    expect(reply.body).toMatchObject({
      licenses: expect.arrayContaining([await webex.license('FTM')]),
    });
  });

  it('R56 adds no Basic Space Meetings to somebody who already holds messaging', async () => {
    const personId = await newUser('FMS', 'FTC', 'FSS');
    const reply = await change(personId, ['FMS']);
    expect(reply.body).toMatchObject({
      licenses: expect.not.arrayContaining([await webex.license('FTM')]),
    });
  });

  it('accepts an e-mail address in place of the id', async () => {
    await newUser(...free);
    const licenses = [{ id: await webex.license('RTT'), operation: 'add' }];
    const reply = await webex.patch({ email: `user-${count}@aspen.example`, licenses });
    expect(reply.list('licenses')).toHaveLength(5);
  });

  it('answers 200 to an add of what is held and a remove of what is not, and changes nothing', async () => {
    const personId = await newUser(...free);
    expect((await change(personId, ['FTC'], ['MS'])).status).toBe(200);
    const log = await webex.control('GET', 'writes?limit=10000');
    expect(log.list('items').at(-1)).toMatchObject({ isEffective: false, statusTold: 200 });
  });

  it.each<[number, string, string[], string[], string[]]>([
    [700003, 'free messaging under paid messaging', ['FSS'], ['MS'], []],
    [700005, 'free messaging under space meetings', ['FSS'], ['FTM'], []],
    [700004, 'free space meetings under paid ones', ['FSS', 'FMS'], ['CF'], []],
    [700003, 'a removal of free messaging under paid', [...free, 'MS'], [], ['FMS', 'FTM']],
    [700005, 'a removal of free messaging under meetings', free, [], ['FMS']],
    [700006, 'a removal of screen share', free, [], ['FSS']],
    [400112, 'a change from Professional to Standard', ['FSS', 'BCSTD'], ['BCBAS'], ['BCSTD']],
    [400404, 'Professional with Standard', ['FSS', 'BCSTD'], ['BCBAS'], []],
    [400407, 'Standard with Customer Assist', ['FSS', 'BCCA'], ['BCBAS'], []],
    [400408, 'Attendant Console without Professional', ['FSS'], ['UCPREM'], []],
    [400410, 'Customer Assist to Standard', ['FSS', 'BCCA'], ['BCBAS'], ['BCCA']],
    [400413, 'Contact Center Premium with Standard', ['FSS', 'CJPSTD'], ['CJPPRM'], []],
    [400118, 'a Messenger license', ['FSS'], ['BCRLC'], []],
    [400411, 'Calling without properties', ['FSS'], ['BCSTD'], []],
  ])('answers %i to %s', async (code, _case, holds, add, remove) => {
    const personId = await newUser(...holds);
    const reply = await change(personId, add, remove);
    expect(reply.status).toBe(400);
    expect(reply.list('errors')[0]).toMatchObject({ errorCode: code });
    const truth = await webex.control('GET', `people/${personId}`);
    expect(truth.list('licenses')).toHaveLength(holds.length);
  });

  it('answers 400406 to Standard with Attendant Console', async () => {
    const personId = await newUser('FSS', 'UCPREM');
    const properties = { extension: '1234' };
    const licenses = [{ id: await webex.license('BCBAS'), properties }];
    const reply = await webex.patch({ personId, licenses });
    expect(reply.list('errors')[0]).toMatchObject({ errorCode: 400406 });
  });

  it('replaces Contact Center Standard by Premium in one call', async () => {
    const personId = await newUser('FSS', 'CJPSTD');
    expect((await change(personId, ['CJPPRM'], ['CJPSTD'])).status).toBe(200);
  });

  it.each<[number, number | undefined, string, object]>([
    [400, undefined, 'neither id nor e-mail', {}],
    [404, 1, 'an unknown person', { personId: 'nobody' }],
    [404, 1, 'an unknown e-mail', { email: 'nobody@aspen.example' }],
  ])('answers %i (%s) to %s', async (status, code, _case, body) => {
    const reply = await webex.patch(body);
    expect(reply.status).toBe(status);
    expect(reply.list('errors')[0]?.errorCode).toBe(code);
    expect(reply.text('trackingId')).toMatch(/^ROUTERGW_/);
  });

  it("says why in Cisco's words, with the license", async () => {
    const reply = await change(await newUser(...free), [], ['FSS']);
    const text = `Screen Share ${await webex.license('FSS')} is implicitly assigned and cannot be removed`;
    expect(reply.text('errors.0.description')).toBe(text);
  });

  it('answers 404 with errorCode 1 to a malformed license id, and 400000 to an unknown one', async () => {
    const personId = await newUser(...free);
    const malformed = await webex.patch({ personId, licenses: [{ id: 'nonsense' }] });
    expect(malformed.status).toBe(404);
    expect(malformed.list('errors')[0]).toEqual({
      errorCode: 1,
      description: 'The requested resource could not be found.',
    });
    const uri = 'ciscospark://us/LICENSE/0:MS_00000000-0000-4000-8000-000000000000';
    const id = Buffer.from(uri).toString('base64url');
    const unknown = await webex.patch({ personId, licenses: [{ id }] });
    expect(unknown.list('errors')[0]).toMatchObject({ errorCode: 400000 });
    const unlisted = await change(personId, [], ['WAM']);
    expect(unlisted.list('errors')[0]).toMatchObject({ errorCode: 400000 });
  });

  it('answers 400216 to a site that is not one', async () => {
    const personId = await newUser(...free);
    const reply = await change(personId, [], [], attendee('add', 'other.webex.com'));
    expect(reply.list('errors')[0]).toMatchObject({ errorCode: 400216 });
  });

  describe('host and attendee of one site', () => {
    it('R40 refuses host while attendee is kept, and accepts both in one call', async () => {
      const personId = await newUser(...free);
      expect((await change(personId, [], [], attendee('add'))).status).toBe(200);
      expect((await change(personId, ['EE'])).status).toBe(400);
      const both = await change(personId, ['EE'], [], attendee('remove'));
      expect(both.body).toMatchObject({ siteUrls: [{ siteUrl: siteA, accountType: 'host' }] });
    });

    it('lets an attendee whom no read shows become host', async () => {
      await webex.set({ siteUrls: 'never' });
      const personId = await newUser(...free);
      await change(personId, [], [], attendee('add'));
      const host = await change(personId, ['EE']);
      await webex.set({ siteUrls: 'as-made' });
      expect(host.status).toBe(200);
      expect(host.body).toMatchObject({ siteUrls: [{ siteUrl: siteA, accountType: 'host' }] });
    });

    it('R40 refuses attendee while the user is host', async () => {
      const personId = await newUser(...free, 'EE');
      const reply = await change(personId, [], [], attendee('add'));
      expect(reply.list('errors')[0]).toMatchObject({ errorCode: 400216 });
    });
  });

  describe('Calling', () => {
    it('needs a location where there is no number, and one that exists', async () => {
      const personId = await newUser(...free);
      const ask = async (properties: object) =>
        webex.patch({ personId, licenses: [{ id: await webex.license('BCSTD'), properties }] });
      expect((await ask({ extension: '77' })).list('errors')[0]).toMatchObject({
        errorCode: 400411,
      });
      const nowhere = await ask({ extension: '77', locationId: 'nowhere' });
      expect(nowhere.text('message')).toBe('Unable to find location');
      expect(nowhere.list('errors')[0]).toMatchObject({ errorCode: 400 });
      expect((await ask({ phoneNumber: '12' })).status).toBe(400);
    });

    it('joins the group of the location, and keeps the membership when the phone is gone', async () => {
      const personId = await newUser(...free);
      const location = (await webex.get('/v1/locations')).list('items')[0]!;
      const properties = { extension: '4711', locationId: location.id };
      const licenses = [{ id: await webex.license('BCSTD'), properties }];
      expect((await webex.patch({ personId, licenses })).status).toBe(200);
      const shown = await webex.get(`/v1/people/${personId}?callingData=true`);
      expect(shown.body).toMatchObject({ extension: '4711', locationId: location.id });
      const groups = await webex.get(`/v1/groups?filter=displayName eq "${String(location.name)}"`);
      const path = `/v1/groups/${groups.text('groups.0.id')}/members?count=500`;
      expect((await webex.get(path)).list('members').map((one) => one.id)).toContain(personId);

      await change(personId, [], ['BCSTD']);
      const after = await webex.get(`/v1/people/${personId}?callingData=true`);
      expect(after.body).not.toHaveProperty('locationId');
      expect(after.body).not.toHaveProperty('extension');
      expect((await webex.get(path)).list('members').map((one) => one.id)).toContain(personId);
    });
  });

  describe('when units run out', () => {
    let personId: string;
    beforeEach(async () => {
      const id = await webex.license('RTT');
      const licenses = await webex.get('/v1/licenses');
      const rtt = licenses.list('items').find((one) => one.id === id);
      await webex.control('PATCH', `licenses/${id}`, { totalUnits: rtt?.consumedUnits });
      personId = await newUser(...free);
    });

    it('partial206 does the rest and shows what is missing', async () => {
      await webex.set({ overage: 'partial206' });
      const reply = await change(personId, ['RTT', 'MS']);
      expect(reply.status).toBe(206);
      expect(reply.list('licenses')).toHaveLength(5);
    });

    it('reject answers 400 and does nothing', async () => {
      await webex.set({ overage: 'reject' });
      expect((await change(personId, ['RTT', 'MS'])).status).toBe(400);
      const truth = await webex.control('GET', `people/${personId}`);
      expect(truth.list('licenses')).toHaveLength(4);
    });

    it('allow exceeds the units', async () => {
      await webex.set({ overage: 'allow' });
      expect((await change(personId, ['RTT', 'MS'])).status).toBe(200);
      const id = await webex.license('RTT');
      const rtt = (await webex.get(`/v1/licenses/${id}`)).body as Record<string, number>;
      expect(rtt.consumedUnits).toBe(rtt.totalUnits! + 1);
    });

    it('R46 a removal frees a unit for the next', async () => {
      await webex.set({ overage: 'reject' });
      const id = await webex.license('RTT');
      const holders = await webex.get(`/v1/licenses/${id}?includeAssignedTo=user`);
      await change(holders.text('users.0.id'), [], ['RTT']);
      expect((await change(personId, ['RTT'])).status).toBe(200);
    });
  });
});
