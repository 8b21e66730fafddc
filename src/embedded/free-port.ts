import { createServer } from 'node:net';

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : null));
    });
  });
}

/** A loopback port that nobody listens on now: the preferred one where it is free. */
export async function freePort(preferred?: number): Promise<number> {
  const port = (preferred ? await tryListen(preferred) : null) ?? (await tryListen(0));
  if (port === null) throw new Error('No port is free on 127.0.0.1.');
  return port;
}
