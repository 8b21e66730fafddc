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
 * Creates the folder for all data and locks it. Throws `ErrorForPeople` if another Seatwise runs on it.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const full = path.resolve(folder);
  const lock = await lockFolder(full);
  if (lock === null) {
    throw new ErrorForPeople(
      `Another Seatwise is running on ${full}: stop it first, or choose another folder with DATA_DIR.`,
    );
  }
  // PostgreSQL may run as another user, who has to pass through. Secret files have their own mode.
  chmodSync(full, 0o711);
  const logs = path.join(full, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  return { path: full, logs, lock };
}
