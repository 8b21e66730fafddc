/** Shards of a step that doesn't say how many it has. */
const mostShards = 2;

/**
 * Writes that a shard has under way at once, at most: its share of the places that the failure guard
 * allows the whole rollout (R96), so that refused permits don't use up the pace. One always may ask.
 */
export function shardWindow(
  places: number | null,
  { shards = mostShards, largest }: { shards?: number | undefined; largest: number },
): number {
  if (places === null) return largest;
  return Math.min(largest, Math.max(1, Math.floor(places / shards)));
}
