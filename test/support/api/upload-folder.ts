import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for the uploads of one test file, and how many arrive there. */
export async function makeUploadFolder() {
  const uploadFolder = await mkdtemp(path.join(tmpdir(), 'seatwise-test-'));
  return { uploadFolder, arriving: async () => (await readdir(uploadFolder)).length };
}
