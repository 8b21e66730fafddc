import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/** A socket that the system closes with its process: no lock can stay behind, however we end. */
function addressOf(folder: string): string {
  const name = `seatwise-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)}`;
  // Linux has names without a file; elsewhere a file stays behind, which `isHeld` sees through.
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`);
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

function isHeld(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Makes the folder and takes its lock; null where another living process has it. */
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
    release: () => new Promise((resolve) => held.close(() => resolve())),
  };
}
