export interface Download {
  seconds: number;
  bytes: number;
}

/** Fetches a file of the API and forgets it as it arrives. */
export async function download(
  url: string,
  { token, signal }: { token: string; signal: AbortSignal },
): Promise<Download> {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  let bytes = 0;
  for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
  return { seconds: (performance.now() - startedAt) / 1_000, bytes };
}

/** Everything of a listing in pages of 1,000, without keeping it. */
export async function downloadPages(
  url: string,
  access: { token: string; signal: AbortSignal },
): Promise<{ seconds: number; items: number }> {
  const startedAt = performance.now();
  let items = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ limit: '1000', ...(cursor === '' ? {} : { cursor }) });
    const page = await readPage(`${url}?${query.toString()}`, access);
    items += page.items.length;
    cursor = page.next;
  }
  return { seconds: (performance.now() - startedAt) / 1_000, items };
}

async function readPage(
  url: string,
  { token, signal }: { token: string; signal: AbortSignal },
): Promise<{ items: unknown[]; next: string | null }> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { items: unknown[]; next: string | null };
}
