import { ensureDatabase, ensureTemporal } from './servers';

export default async function setup(): Promise<void> {
  await ensureDatabase();
  await ensureTemporal();
}
