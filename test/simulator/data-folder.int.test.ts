import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callSimulator } from '../support/simulator-caller';

const root = join(__dirname, '../..');

/** The simulator as a process of its own; resolves with its address once it listens. */
async function spawnSimulator(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const script = join(root, 'src/bin/simulator.ts');
  const flags = ['--port', '0', '--users', '40', '--token', 'a-token-of-ours', '--data', dataDir];
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...flags], { cwd: root });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Simulator\s+(http:\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`The simulator ended with ${String(code)}`)));
  });
  return { child, url };
}

describe('a data folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'data-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it.each([
    ['is a file', 'origin.json/below', 'x', /below can't be used: /],
    ['has an origin that is no JSON', 'origin.json', '{', /origin\.json can't be used: /],
    ['has an origin that says nothing', 'origin.json', '{}', /origin\.json can't be used: it says/],
  ])('explains in one sentence when it %s', async (_name, at, content, sentence) => {
    writeFileSync(join(dataDir, 'origin.json'), content);
    const folder = at === 'origin.json' ? dataDir : join(dataDir, at);
    await expect(callSimulator({ dataDir: folder })).rejects.toThrow(sentence);
  });

  it('brings back truth, log, settings, clock, tokens and units', async () => {
    const first = await callSimulator({ dataDir });
    const personId = await first.user('kept', ['FMS', 'FTM', 'FTC', 'FSS']);
    const ms = await first.license('MS');
    await first.patch({ personId, licenses: [{ id: ms }] });
    await first.set({
      overage: 'reject',
      propagation: { delay: { mode: 'fixed', delayMs: 60_000 } },
    });
    await first.control('POST', 'clock', { advanceMs: 5000 });
    await first.control('PATCH', `licenses/${ms}`, { totalUnits: 77 });
    const group = await first.call('POST', '/v1/groups', {
      displayName: 'Kept',
      members: [{ id: personId }],
    });
    const token = (await first.control('POST', 'tokens', { refresh: {} })).text('access_token');
    const paths = [`people/${personId}`, 'settings', `groups/${group.text('id')}`];
    const look = async (webex: typeof first) =>
      Promise.all(paths.map(async (path) => (await webex.control('GET', path)).body));
    const before = await look(first);
    const log = await first.control('GET', 'writes');
    await first.close();

    const second = await callSimulator({ dataDir, users: 3, seed: 99 });
    expect(await look(second)).toEqual(before);
    const kept = await second.control('GET', 'writes');
    expect(kept.list('items').map((one) => ({ ...one, answeredAt: null }))).toEqual(
      log.list('items').map((one) => ({ ...one, answeredAt: null })),
    );
    expect((await second.get(`/v1/licenses/${ms}`)).body).toMatchObject({ totalUnits: 77 });
    expect((await second.control('GET', 'clock')).body).toMatchObject({ aheadMs: 5000 });
    expect((await second.call('GET', '/v1/roles', undefined, token)).status).toBe(200);
    expect(second.adminToken).toBe(first.adminToken);
    expect((await second.get('/v1/people?max=1000')).list('items').length).toBeGreaterThan(50);
    await second.close();
  });

  it('continues after a kill in the middle of writing', async () => {
    const { child, url } = await spawnSimulator(dataDir);
    const headers = { authorization: 'Bearer a-token-of-ours', 'content-type': 'application/json' };
    const people = (await (await fetch(`${url}/v1/people`, { headers })).json()) as {
      items: { id: string }[];
    };
    const licenses = (await (await fetch(`${url}/v1/licenses`, { headers })).json()) as {
      items: { id: string; name: string }[];
    };
    const rtt = licenses.items.find((one) => one.name === 'Real-Time Translations')!.id;
    const answered: string[] = [];
    const killed = new Promise((resolve) => child.once('exit', resolve));
    const ended = Promise.allSettled(
      people.items.slice(0, 12).map(async ({ id: personId }, at) => {
        const body = JSON.stringify({ personId, licenses: [{ id: rtt }] });
        const reply = await fetch(`${url}/v1/licenses/users`, { method: 'PATCH', headers, body });
        if (reply.status === 200) answered.push(personId);
        if (at === 5) child.kill('SIGKILL');
      }),
    );
    await ended;
    child.kill('SIGKILL');
    await killed;
    // What a kill in the middle of a line leaves behind.
    appendFileSync(join(dataDir, 'journal.ndjson'), '{"effects":[{"kind":"us');

    const webex = await callSimulator({ dataDir, token: 'a-token-of-ours' });
    expect(answered.length).toBeGreaterThan(0);
    for (const personId of answered) {
      const truth = await webex.control('GET', `people/${personId}`);
      expect(truth.list('licenses')).toContain(rtt);
    }
    const log = (await webex.control('GET', 'writes')).list('items');
    expect(log.map((one) => one.seq)).toEqual(log.map((_, at) => at + 1));
    expect(log.map((one) => one.personId)).toEqual(expect.arrayContaining(answered));
    await webex.close();
  });
});
