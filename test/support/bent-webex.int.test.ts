import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import { cutTo, htmlPage, noList, nothing, startBentWebex, type BentWebex } from './bent-webex';

let simulator: RunningSimulator;
let bent: BentWebex;

beforeAll(async () => {
  simulator = await startSimulator({ users: 60, seed: 7 });
  bent = await startBentWebex({ upstream: simulator.url });
});
afterAll(async () => {
  await bent.close();
  await simulator.close();
});
beforeEach(() => bent.straighten());

async function get(path: string): Promise<{ status: number; link: string | null; text: string }> {
  const headers = { authorization: `Bearer ${simulator.adminToken}` };
  const response = await fetch(`${bent.url}/v1${path}`, { headers });
  const { status } = response;
  return { status, link: response.headers.get('link'), text: await response.text() };
}

const idsOf = ({ text }: { text: string }) =>
  (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => id);

describe('a bent Webex', () => {
  it('passes everything unchanged without rules', async () => {
    const page = await get('/people?max=20');
    expect(idsOf(page)).toHaveLength(20);
    expect(page.link).toContain('rel="next"');
  });

  it('drops a header of the n-th call only', async () => {
    bent.set({ call: 'GET /people', nth: 2, headers: { link: null } });
    const links = [];
    for (let n = 0; n < 3; n += 1) links.push((await get('/people?max=20')).link !== null);
    expect(links).toEqual([true, false, true]);
  });

  it('cuts, empties and leaves out lists', async () => {
    bent.set(
      { call: 'GET /people', nth: 1, list: cutTo(3) },
      { call: 'GET /people', nth: 2, list: nothing },
      { call: 'GET /people', nth: 3, list: noList },
    );
    expect(idsOf(await get('/people'))).toHaveLength(3);
    expect(idsOf(await get('/people'))).toEqual([]);
    expect(JSON.parse((await get('/people')).text)).not.toHaveProperty('items');
  });

  it('repeats a page whatever is asked', async () => {
    bent.set({ call: 'GET /groups', from: 2, repeat: 'first' });
    const first = await get('/groups?startIndex=1&count=2');
    const second = await get('/groups?startIndex=3&count=2');
    expect(second.text).toBe(first.text);
  });

  it('changes the status and the body, and asks for other pages', async () => {
    bent.set(
      { call: 'GET /licenses', instead: { status: 403, body: { message: 'no' } } },
      { call: 'GET /people', nth: 1, body: () => htmlPage },
      { call: 'GET /people', nth: 2, ask: { max: '7' } },
    );
    expect((await get('/licenses')).status).toBe(403);
    expect((await get('/people')).text).toBe(htmlPage);
    expect(idsOf(await get('/people?max=50'))).toHaveLength(7);
  });

  it('breaks the connection, about one person only', async () => {
    const [one, other] = idsOf(await get('/people'));
    bent.set({ call: 'GET /people/{personId}', person: one!, loseAnswer: true });
    await expect(get(`/people/${one}`)).rejects.toThrow('fetch failed');
    expect((await get(`/people/${other}`)).status).toBe(200);
    expect(bent.count('GET /people/{personId}')).toBe(2);
  });
});
