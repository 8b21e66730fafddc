import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Somebody else may take a port between the look and the use: then another one is tried. */
const tries = 5;

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

/** Whether one of these loopback ports is in use now. */
export async function isTaken(ports: readonly number[]): Promise<boolean> {
  const looks = ports.map((port) =>
    openOnce(port).then(
      () => false,
      () => true,
    ),
  );
  return (await Promise.all(looks)).includes(true);
}

/**
 * Opens something on free ports: on the preferred ones if they are free. Where it fails, and somebody
 * else has one of them by then, it is opened on others.
 */
export async function onFreePorts<T>(
  preferred: readonly number[],
  open: (ports: number[]) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const ports: number[] = [];
    for (const port of preferred) ports.push(await freePort(tried === 1 ? port : 0));
    try {
      return await open(ports);
    } catch (error) {
      if (tried >= tries || !(await isTaken(ports))) throw error;
    }
  }
}
