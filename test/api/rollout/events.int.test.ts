import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { eq } from 'drizzle-orm';
import request from 'supertest';
import { rollout } from '../../../src/db/schema';
import { startTestApi, tokens, type TestApi } from '../../support/api/test-api';
import { orgId, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
let server: Server;
beforeAll(async () => {
  api = await startTestApi({ progressEveryMs: 20, heartbeatEveryMs: 30 });
  await seedDirectory(api.database.db);
  server = api.app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.stop();
});

interface Stream {
  status: number;
  headers: Headers;
  /** Everything that came, once `enough` is in it or the server has ended the stream. */
  until(enough: RegExp): Promise<string>;
  leave(): void;
}

async function listen(rolloutId: string, lastEventId?: string): Promise<Stream> {
  const { port } = server.address() as AddressInfo;
  const leaving = new AbortController();
  const path = `/v1/organizations/${orgId}/rollouts/${rolloutId}/events`;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: {
      Authorization: `Bearer ${tokens.viewer}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    },
    signal: leaving.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    async until(enough) {
      while (!enough.test(text)) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) break;
        text += chunk.value;
      }
      return text;
    },
    leave: () => leaving.abort(),
  };
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

async function move(rolloutId: string, phase: 'rolling-out' | 'completed', phaseVersion: number) {
  await api.database.db
    .update(rollout)
    .set({ phase, phaseVersion })
    .where(eq(rollout.rolloutId, rolloutId));
}

describe('the event stream of a rollout', () => {
  it('begins with a snapshot, tells every change with a number, and ends with the rollout', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting', wave: 0 });
    const stream = await listen(rolloutId);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    const begin = await stream.until(/\n\n/);
    expect(begin).toMatch(/^id: \d+\nevent: snapshot\ndata: \{"rolloutId"/);

    await move(rolloutId, 'rolling-out', 2);
    await stream.until(/event: progress\ndata: .*"phase":"rolling-out"/);
    await move(rolloutId, 'completed', 3);
    const all = await stream.until(/event: end\ndata: .*\n\n/);
    expect(all).toMatch(/event: end\ndata: \{"rolloutId".*"phase":"completed".*\}\n\n$/);
    const ids = idsIn(all);
    expect(ids).toHaveLength(3);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('sends a heartbeat while nothing changes', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const stream = await listen(rolloutId);
    expect(await stream.until(/: heartbeat\n\n/)).toContain(': heartbeat');
    stream.leave();
  });

  it('continues after the last event that was seen', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const stays = await listen(rolloutId);
    const [seen] = idsIn(await stays.until(/event: snapshot[^]*\n\n/));
    await move(rolloutId, 'rolling-out', 2);
    await stays.until(/event: progress/);

    const back = await listen(rolloutId, String(seen));
    const missed = await back.until(/event: progress[^]*\n\n/);
    expect(missed).not.toContain('snapshot');
    expect(idsIn(missed)).toEqual([(seen ?? 0) + 1]);
    stays.leave();
    back.leave();
    await move(rolloutId, 'completed', 3);
  });

  it.each(['1', 'nonsense', '99999999999999'])(
    'says resync and sends a snapshot after %s, which it does not know',
    async (lastEventId) => {
      const rolloutId = await seedRollout(api.database.db);
      const stream = await listen(rolloutId, lastEventId);
      const begin = await stream.until(/event: snapshot/);
      expect(begin).toMatch(/^event: resync\ndata: \{\}\n\nid: \d+\nevent: snapshot/);
      stream.leave();
    },
  );

  it('of an ended rollout is a snapshot and the end, and nothing the second time', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
    const stream = await listen(rolloutId);
    const all = await stream.until(/event: end/);
    const [last] = idsIn(all);
    const again = await listen(rolloutId, String(last));
    expect(again.status).toBe(204);
  });

  it('shows a rollout that was taken up again after its end', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
    await (await listen(rolloutId)).until(/event: end/);
    await move(rolloutId, 'rolling-out', 2);
    const stream = await listen(rolloutId);
    expect(await stream.until(/event: snapshot\ndata: .*\n\n/)).toContain('"phase":"rolling-out"');
    stream.leave();
    await move(rolloutId, 'completed', 3);
  });

  it('answers HEAD without waiting for events', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const head = await request(server)
      .head(`/v1/organizations/${orgId}/rollouts/${rolloutId}/events`)
      .set('Authorization', `Bearer ${tokens.viewer}`);
    expect([head.status, head.get('Content-Type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  });
});
