import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * The lock is a socket. The system closes it when its process ends, in whatever way, while a lock file
 * (as proper-lockfile makes it) stays after a kill until it counts as stale.
 */
function addressOf(folder: string): string {
  const name = `seatwise-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)}`;
  // Linux has socket names without a file. Elsewhere a file may be left: `isHeld` tells whether it is in use.
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** The server, or null if another process listens at this address. */
async function listen(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy()).listen(address);
  try {
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

async function isHeld(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Creates the folder and locks it. Returns null if another running process has the lock. */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  mkdirSync(folder, { recursive: true });
  const address = addressOf(folder);
  let server = await listen(address);
  if (server === null && !address.startsWith('\0') && !(await isHeld(address))) {
    rmSync(address, { force: true });
    server = await listen(address);
  }
  if (server === null) return null;
  const held = server;
  return {
    release: async () => {
      await once(held.close(), 'close');
    },
  };
}
