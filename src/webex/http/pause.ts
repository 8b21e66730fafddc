import { orAborted } from './or-aborted';

/** Waits. Throws `aborted` as soon as the signal aborts. */
export async function pause(
  delayMs: number,
  call: { operation: string; signal: AbortSignal | undefined },
): Promise<void> {
  if (delayMs <= 0) return;
  // Not `timers/promises`, which Jest's fake timers don't replace.
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, delayMs)));
  await orAborted(over, call).finally(() => clearTimeout(timer));
}
