/** Seconds that are left for a run and for each of its steps. */
export interface TimeLeft {
  /** Waits for the work, at most so long, and no longer than the run may take. Throws a sentence. */
  within: <T>(seconds: number, work: () => Promise<T>) => Promise<T>;
}

/** Begins to count. `nowMs` is a clock that never goes back. */
export function startCounting(
  totalSeconds: number,
  nowMs: () => number = () => performance.now(),
): TimeLeft {
  const endsAt = nowMs() + totalSeconds * 1_000;
  return {
    async within(seconds, work) {
      const left = Math.max(0, (endsAt - nowMs()) / 1_000);
      const whole = `the ${Math.round(totalSeconds / 60)} minutes of the run were over`;
      if (left === 0) throw new Error(`${whole}.`);
      const told = left < seconds ? whole : `it took longer than ${seconds} s`;
      const timer = new AbortController();
      try {
        return await Promise.race([
          work(),
          rejectAfter(Math.min(seconds, left), told, timer.signal),
        ]);
      } finally {
        timer.abort();
      }
    },
  };
}

async function rejectAfter(seconds: number, told: string, signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`${told}.`)), seconds * 1_000);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
