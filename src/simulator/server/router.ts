import type { Route } from './route';

export type Match =
  | { kind: 'route'; route: Route; params: Record<string, string> }
  | { kind: 'wrong-method'; allowed: string[] }
  | { kind: 'unknown' };

interface Compiled {
  route: Route;
  segments: string[];
}

/** Finds the route of a request; fixed segments win over parameters by order of the list. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const bySize = new Map<number, Compiled[]>();
  for (const route of routes) {
    const segments = route.path.split('/').slice(1);
    const same = bySize.get(segments.length) ?? [];
    same.push({ route, segments });
    bySize.set(segments.length, same);
  }
  return (method, path) => {
    const given = path.split('/').slice(1);
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
