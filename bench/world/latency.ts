import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of each answer, by the name of what was asked for. */
export type Latencies = Map<string, number[]>;

/** Asks for each of these addresses in turn, one at a time, for so long. */
export async function measureLatencies(options: {
  urls: ReadonlyMap<string, string>;
  token: string;
  signal: AbortSignal;
  forMs: number;
  everyMs: number;
}): Promise<Latencies> {
  const { urls, signal, everyMs } = options;
  const latencies: Latencies = new Map([...urls.keys()].map((name) => [name, []]));
  const endsAt = performance.now() + options.forMs;
  const headers = { authorization: `Bearer ${options.token}` };
  while (performance.now() < endsAt) {
    for (const [name, url] of urls) {
      const startedAt = performance.now();
      const response = await fetch(url, { headers, signal });
      const text = await response.text();
      latencies.get(name)?.push(performance.now() - startedAt);
      if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 200)}`);
      await sleep(everyMs, undefined, { signal });
    }
  }
  return latencies;
}
