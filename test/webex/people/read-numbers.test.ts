import {
  aScriptedWebex,
  all,
  asOrganization,
  idOf,
  personId,
  type Told,
} from '../../support/scripted-webex';

const location = idOf('ciscospark://us/LOCATION/00000000-0000-4000-8000-0000000000aa');

function aWebexWith(answer: Told) {
  return aScriptedWebex((asked) => asOrganization(asked) ?? answer);
}

describe('listNumbers', () => {
  it('R63 R87 reads until a page is empty, and leaves out extensions that are no numbers', async () => {
    const pages: Told[] = [
      {
        body: {
          phoneNumbers: [
            { phoneNumber: '+99912345678', state: 'ACTIVE', location: { id: location } },
            { extension: '4711', location: { id: location } },
          ],
        },
        headers: { link: '<https://webex.example/v1/x?max=2&start=2>; rel="next"' },
      },
      {
        body: {
          phoneNumbers: [
            { extension: '4711', location: { id: location } },
            { phoneNumber: '+99912345670', location: { id: location }, owner: { id: personId(3) } },
          ],
        },
      },
      { body: { phoneNumbers: [] } },
      { body: { phoneNumbers: [] } },
    ];
    const { webex, asked } = aScriptedWebex((_, n) => pages[n - 1] ?? {});
    expect(await webex.listNumbers()).toEqual([
      { number: '+99912345670', locationId: location, ownerId: personId(3), state: null },
      { number: '+99912345678', locationId: location, ownerId: null, state: 'ACTIVE' },
    ]);
    expect(asked.map(({ query }) => query.get('start'))).toEqual(['0', '1', '2', '3']);
  });

  it.each([403, 404])('R63 returns null if the answer is %i', async (status) => {
    const { webex } = aWebexWith({ status, body: { message: 'no' } });
    expect(await webex.listNumbers()).toBeNull();
  });
});

describe('reading people with callingData', () => {
  const person = {
    id: personId(1),
    emails: ['ann@acme.com'],
    licenses: [],
    invitePending: 'true',
    loginEnabled: false,
    phoneNumbers: [
      { type: 'mobile', value: '+99900000000' },
      { type: 'work', value: '+99911111111' },
      { type: 'work', value: '+99922222222', primary: true },
      { type: 'work_extension', value: '84711', primary: false },
    ],
    extension: '4711',
    locationId: location,
  };

  it('R62 R63 reads the primary work number, the bare extension and the location', async () => {
    const { webex, asked } = aWebexWith({ body: { items: [person] } });
    const [page] = await all(webex.listPeople({ callingData: true }));
    expect(page?.users[0]).toMatchObject({
      calling: { locationId: location, workNumber: '+99922222222', extension: '4711' },
      invitePending: true,
      loginEnabled: false,
    });
    const query = asked.find(({ path }) => path === '/v1/people')?.query;
    expect([query?.get('callingData'), query?.get('max')]).toEqual(['true', '100']);
  });

  it('R62 asks by id in the same way', async () => {
    const { webex, asked } = aWebexWith({ body: { items: [person] } });
    const [page] = await all(webex.readPeople([personId(1)], 5_000, { callingData: true }));
    expect(page?.users[0]?.calling?.extension).toBe('4711');
    expect(asked.find(({ path }) => path === '/v1/people')?.query.get('callingData')).toBe('true');
  });

  it('R62 distinguishes "not asked" from "nothing there"', async () => {
    const bare = { id: personId(1), emails: ['ann@acme.com'], licenses: [] };
    const { webex } = aWebexWith({ body: { items: [bare] } });
    const [silent] = await all(webex.listPeople());
    expect(silent?.users[0]).toMatchObject({ calling: null, invitePending: null });
    const [asked] = await all(webex.listPeople({ callingData: true }));
    expect(asked?.users[0]?.calling).toEqual({
      locationId: null,
      workNumber: null,
      extension: null,
    });
  });
});
