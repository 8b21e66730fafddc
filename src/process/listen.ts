import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { ErrorForPeople } from '../error-for-people';

export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/** Event streams stay open for hours: closing ends them instead of waiting. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Opens the port of an app. Throws `ErrorForPeople` where somebody else has it. */
export function listen(app: Express, address: { host: string; port: number }): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = app.listen(address.port, address.host, (error?: Error) => {
      if (error) {
        reject(
          new ErrorForPeople(
            `Port ${String(address.port)} on ${address.host} can't be opened (${error.message}): set PORT to a free one.`,
          ),
        );
        return;
      }
      const { port } = server.address() as AddressInfo;
      const host = address.host.includes(':') ? `[${address.host}]` : address.host;
      resolve({ url: `http://${host}:${String(port)}`, close: () => close(server) });
    });
  });
}
