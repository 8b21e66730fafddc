import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The loopback port that the system opened for this request; 0 asks for any. Throws if it is in use. */
async function openOnce(port: number): Promise<number> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return address.port;
}

/** A loopback port that nobody listens on now: the preferred one if it is free. */
export function freePort(preferred = 0): Promise<number> {
  return openOnce(preferred).catch(() => openOnce(0));
}
