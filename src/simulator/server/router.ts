interface Addressed {
  method: string;
  /** `/v1/people/{personId}`. */
  path: string;
}

export type Match<T> =
  | { kind: 'route'; route: T; params: Record<string, string> }
  | { kind: 'wrong-method'; allowed: string[] }
  | { kind: 'unknown' };

interface Compiled<T> {
  route: T;
  segments: string[];
}

/**
 * Finds the route of a request; of several that match, the first in the list wins. The simulator has
 * its own router and not Express, because it answers a wrong method with 405 and the allowed ones, as
 * Webex does, and needs the route's operation, scopes and path before anything is read or counted.
 */
export function createRouter<T extends Addressed>(
  routes: readonly T[],
): (method: string, path: string) => Match<T> {
  const bySize = new Map<number, Compiled<T>[]>();
  for (const route of routes) {
    const segments = segmentsOf(route.path);
    const same = bySize.get(segments.length) ?? [];
    same.push({ route, segments });
    bySize.set(segments.length, same);
  }
  return (method, path) => {
    const given = segmentsOf(path);
    const allowed = new Set<string>();
    for (const { route, segments } of bySize.get(given.length) ?? []) {
      const params = matchSegments(segments, given);
      if (!params) continue;
      if (route.method === method) return { kind: 'route', route, params };
      allowed.add(route.method);
    }
    return allowed.size > 0 ? { kind: 'wrong-method', allowed: [...allowed] } : { kind: 'unknown' };
  };
}

/** A slash at the end makes no difference. */
function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

function matchSegments(pattern: string[], given: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [at, segment] of pattern.entries()) {
    const value = given[at] ?? '';
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      try {
        params[segment.slice(1, -1)] = decodeURIComponent(value);
      } catch {
        return undefined;
      }
    } else if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return params;
}
