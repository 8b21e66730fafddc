import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command';
import { ErrorForPeople } from '../error-for-people';

/** How to run the programs of PostgreSQL: as which user, and through which command. */
export interface RunAs {
  user: { uid: number; gid: number } | undefined;
  /** Owner of the data folder. */
  owner: { uid: number; gid: number } | undefined;
  /** Put in front of every command. */
  prefix: string[];
}

async function idOf(name: string): Promise<{ uid: number; gid: number } | null> {
  const answers = await Promise.all(
    ['-u', '-g'].map((flag) => runCommand('id', [flag, name], { timeoutMs: 5_000 })),
  );
  const [uid = NaN, gid = NaN] = answers.map((answer) =>
    answer.code === 0 ? Number.parseInt(answer.output, 10) : NaN,
  );
  return Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}

/** Whether other users may pass through every folder of the path. */
function isReachableByOthers(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * PostgreSQL refuses to run as root. If we are root, it runs as `postgres` or, without such a user, as
 * `nobody`. Below a folder that only root may enter (a clone in /root), it also keeps the right to pass
 * through folders. Throws `ErrorForPeople`.
 */
export async function postgresUser(folders: string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { user: undefined, owner: undefined, prefix: [] };
  const user = (await idOf('postgres')) ?? (await idOf('nobody'));
  if (user === null) {
    throw new ErrorForPeople('PostgreSQL can\'t run as root: create a user named "postgres".');
  }
  if (folders.every(isReachableByOthers)) return { user, owner: user, prefix: [] };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv', '/sbin/setpriv'].find(isExecutable);
  if (setpriv === undefined) {
    throw new ErrorForPeople(
      `PostgreSQL can't run as root, and user ${String(user.uid)} can't reach ${folders.join(' and ')}: use a folder outside of root's home, or another user.`,
    );
  }
  const ids = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  // Without this bit access(2) ignores these rights, and initdb doesn't find its own postgres.
  const bit = ['--securebits', '+no_setuid_fixup'];
  const rights = [...bit, '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
  return { user: undefined, owner: user, prefix: [setpriv, ...ids, ...rights, '--'] };
}
