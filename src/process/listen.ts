import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { ErrorForPeople } from '../error-for-people';

export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/** Ends open connections: event streams stay open for hours. */
async function close(server: Server): Promise<void> {
  const closed = once(server.close(), 'close');
  server.closeAllConnections();
  await closed;
}

/** Opens the port of an app. Throws `ErrorForPeople` if that fails, for example for a port in use. */
export async function listen(
  app: Express,
  address: { host: string; port: number },
): Promise<Listening> {
  const server = createServer(app).listen(address.port, address.host);
  await once(server, 'listening').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ErrorForPeople(
      `Port ${address.port} on ${address.host} can't be opened (${reason}): set PORT to a free one.`,
    );
  });
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}
