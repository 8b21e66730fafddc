import type { Call } from '../server/route';

/** `Link` header to the next page: the address of this call with these parameters changed. */
export function nextLink(call: Call, change: Record<string, string>): Record<string, string> {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  return { Link: `<${call.origin}${call.path}?${query.toString()}>; rel="next"` };
}

/** A whole number of the query, within bounds; the default if it is absent or not a number. */
export function numberOf(
  call: Call,
  name: string,
  bounds: { min: number; max: number; otherwise: number },
): number {
  const text = call.query.get(name);
  const value = text === null ? Number.NaN : Number.parseInt(text, 10);
  if (!Number.isFinite(value)) return bounds.otherwise;
  return Math.min(bounds.max, Math.max(bounds.min, value));
}
