import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { lockFolder, type FolderLock } from '../embedded/lock-folder';
import { ErrorForPeople } from '../error-for-people';

export interface DataFolder {
  path: string;
  logs: string;
  lock: FolderLock;
}

/**
 * Makes the folder that holds everything and takes its lock. Throws `ErrorForPeople` where another
 * Seatwise runs on it.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const full = path.resolve(folder);
  const lock = await lockFolder(full);
  if (lock === null) {
    throw new ErrorForPeople(
      `Another Seatwise is running on ${full}: stop that one first, or give this one a folder of its own with DATA_DIR.`,
    );
  }
  // PostgreSQL may run as another user and has to pass through; what is secret has its own mode.
  chmodSync(full, 0o711);
  const logs = path.join(full, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  return { path: full, logs, lock };
}
