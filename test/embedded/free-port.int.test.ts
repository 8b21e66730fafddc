import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort, isTaken, onFreePorts } from '../../src/embedded/free-port';

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('onFreePorts', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('opens on the preferred ports where they are free', async () => {
    const port = await freePort();
    const server = await onFreePorts([port], ([given = 0]) => listenOn(given));
    servers.push(server);
    expect(server.address()).toMatchObject({ port });
    expect(await isTaken([port])).toBe(true);
  });

  it('opens on others where somebody takes one between looking and listening', async () => {
    const preferred = [await freePort(), await freePort()];
    const asked: number[][] = [];
    const server = await onFreePorts(preferred, async (ports) => {
      asked.push(ports);
      // Somebody is quicker, twice.
      if (asked.length < 3) servers.push(await listenOn(ports[1]!));
      return listenOn(ports[1]!);
    });
    servers.push(server);
    expect(asked[0]).toEqual(preferred);
    expect(asked).toHaveLength(3);
    expect(server.address()).toMatchObject({ port: asked[2]![1] });
  });

  it('fails as it is where the ports are not to blame, and after some tries', async () => {
    const open = jest.fn(() => Promise.reject(new Error('no disk')));
    await expect(onFreePorts([0, 0], open)).rejects.toThrow('no disk');
    expect(open).toHaveBeenCalledTimes(1);
    const taken = jest.fn(async ([port = 0]: number[]) => {
      servers.push(await listenOn(port));
      throw new Error('EADDRINUSE');
    });
    await expect(onFreePorts([0], taken)).rejects.toThrow('EADDRINUSE');
    expect(taken).toHaveBeenCalledTimes(5);
  });
});
