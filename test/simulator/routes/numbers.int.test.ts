import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

describe('phone numbers', () => {
  let webex: SimulatorCaller;
  let location: string;
  beforeAll(async () => {
    webex = await callSimulator({ users: 60 });
    location = (await webex.get('/v1/locations')).text('items.0.id');
  });
  afterAll(() => webex.close());

  const all = async () => (await webex.get('/v1/telephony/config/numbers')).list('phoneNumbers');
  const ownerOf = async (number: string) =>
    (await all()).find(({ phoneNumber }) => phoneNumber === number)?.owner;

  it('are listed in pages, with their location', async () => {
    const numbers = await all();
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers[0]).toMatchObject({
      phoneNumber: expect.stringMatching(/^\+999\d+$/) as string,
      location: { id: expect.any(String) as string },
    });
    const page = await webex.get('/v1/telephony/config/numbers?max=4&start=0');
    expect(page.list('phoneNumbers')).toEqual(numbers.slice(0, 4));
    expect(page.headers.get('link')).toContain('start=4');
    const last = await webex.get(`/v1/telephony/config/numbers?max=4&start=${numbers.length - 4}`);
    expect(last.headers.get('link')).toBeNull();
  });

  it('R63 belong to people of the directory: good ones, unprovisioned ones, and none', async () => {
    const known = new Set((await all()).map(({ phoneNumber }) => phoneNumber));
    const people = await webex.get('/v1/people?callingData=true&max=100');
    const work = people
      .list('items')
      .map(({ phoneNumbers }) =>
        (phoneNumbers as { type: string; value: string }[] | undefined)?.find(
          ({ type }) => type === 'work',
        ),
      );
    const values = work.flatMap((one) => one?.value ?? []);
    expect(values.some((value) => known.has(value))).toBe(true);
    expect(values.some((value) => value.startsWith('+') && !known.has(value))).toBe(true);
    expect(values.some((value) => !value.startsWith('+'))).toBe(true);
    expect(work).toContain(undefined);
  });

  it('R63 R68 go with Calling, to one user only, and are free again without it', async () => {
    const number = '+99977700001';
    await webex.control('PUT', 'numbers', { number, locationId: location });
    const [ann, bob] = [await webex.user('Ann', ['FMS']), await webex.user('Bob', ['FMS'])];
    const id = await webex.license('BCSTD');
    const ask = (personId: string, properties: object) =>
      webex.patch({ personId, licenses: [{ id, properties }] });
    const asked = { phoneNumber: number, locationId: location };
    expect((await ask(ann, asked)).status).toBe(200);
    expect(await ownerOf(number)).toMatchObject({ id: ann });
    expect((await ask(bob, asked)).text('message')).toContain('already assigned');
    const gone = await webex.patch({ personId: ann, licenses: [{ id, operation: 'remove' }] });
    expect(gone.status).toBe(200);
    expect(await ownerOf(number)).toBeUndefined();
    expect((await ask(bob, asked)).status).toBe(200);
  });

  it('R63 are refused where they are not provisioned', async () => {
    const ann = await webex.user('Cas', ['FMS']);
    const id = await webex.license('BCSTD');
    const properties = { phoneNumber: '+99988800001', locationId: location };
    const reply = await webex.patch({ personId: ann, licenses: [{ id, properties }] });
    expect(reply.status).toBe(400);
    expect(reply.text('message')).toContain('not available at the location');
  });

  it('are bought, assigned and removed by control', async () => {
    const number = '+99977700009';
    await webex.control('PUT', 'numbers', { number, locationId: location, ownerId: 'workspace' });
    expect(await ownerOf(number)).toMatchObject({ id: 'workspace' });
    expect((await webex.control('DELETE', `numbers/${number}`)).status).toBe(204);
    expect((await webex.control('DELETE', `numbers/${number}`)).status).toBe(404);
    const bad = await webex.control('PUT', 'numbers', { number: '123' });
    expect(bad.status).toBe(400);
  });
});
