/** `rel` may hold several words, with or without quotes. */
const isNext = /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=\s*(?:[;,]|$)))/i;

/**
 * The query of the `rel="next"` link of a `Link` header (RFC 8288), or null on the last page.
 *
 * Only the query is used: the next page is the same operation, and a link to another host, as a
 * gateway or a mistake may produce, must never be sent our token.
 */
export function nextPageQuery(header: string | null): URLSearchParams | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!isNext.test(parameters ?? '')) continue;
    const query = target?.indexOf('?') ?? -1;
    return query < 0 ? null : new URLSearchParams(target?.slice(query + 1));
  }
  return null;
}
