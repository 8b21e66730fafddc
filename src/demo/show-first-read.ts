import type { Narrator } from './narrate';

/** A terminal shows each step; into a file, a line comes now and then. */
const stepMs = { terminal: 2_000, file: 30_000 };
/** A read without progress for so long has met something that the log names. */
const stalledMs = 60_000;

/**
 * Shows how far the first read of the directory is, each time it is called and some time has passed. A
 * million users take minutes.
 */
export function showFirstRead(
  out: Pick<Narrator, 'status' | 'isTerminal'>,
  usersRead: () => Promise<number>,
  logFile: string,
  now: () => number = () => performance.now(),
): () => Promise<void> {
  const everyMs = out.isTerminal ? stepMs.terminal : stepMs.file;
  const beganAtMs = now();
  let shownAtMs = beganAtMs;
  let last = { users: 0, atMs: beganAtMs };
  return async () => {
    if (now() - shownAtMs < everyMs) return;
    const users = await usersRead();
    shownAtMs = now();
    if (users !== last.users) last = { users, atMs: shownAtMs };
    const stalled = Math.round((shownAtMs - last.atMs) / 1_000);
    const trouble =
      shownAtMs - last.atMs < stalledMs ? '' : ` (none in the last ${stalled} s: see ${logFile})`;
    out.status(
      `  Reading the directory for the first time: ${users.toLocaleString('en')} users so far${trouble} …`,
    );
  };
}
