import type { z } from 'zod';
import type { Progress, Read } from '../http/reader';
import { WebexError, type CredentialReport } from '../port/webex';
import { wireGroups, wireLicenses, wireLocations, wirePeople } from '../wire/wire';

interface Scope {
  name: string;
  /** A cheap read that only this scope permits; null where only a write would tell. */
  probe: { operation: string; path: string; query: URLSearchParams; schema: z.ZodType } | null;
  forWriting: boolean;
}

const one = { max: '1' };
const scopes: readonly Scope[] = [
  {
    name: 'spark-admin:licenses_read',
    probe: probe('/licenses', {}, wireLicenses),
    forWriting: false,
  },
  { name: 'spark-admin:people_read', probe: probe('/people', one, wirePeople), forWriting: false },
  { name: 'spark-admin:people_write', probe: null, forWriting: true },
  {
    name: 'identity:groups_read',
    probe: probe('/groups', { count: '1' }, wireGroups),
    forWriting: false,
  },
  {
    name: 'spark-admin:locations_read',
    probe: probe('/locations', one, wireLocations),
    forWriting: false,
  },
];

export interface ProbeInput {
  read: Read;
  /** Scopes that the token answer listed; null where it didn't, and Webex has to be asked. */
  granted: readonly string[] | null;
  readOnly: boolean;
}

/** Which of the scopes that Seatwise needs are there. Probing reads only, and never writes. */
export async function probeScopes(
  input: ProbeInput,
  progress: Progress,
): Promise<CredentialReport['scopes']> {
  const found: CredentialReport['scopes'] = { present: [], missing: [], unknown: [] };
  for (const scope of scopes) {
    if (scope.forWriting && input.readOnly) continue;
    found[await stateOf(scope, input, progress)].push(scope.name);
  }
  return found;
}

async function stateOf(
  scope: Scope,
  { read, granted }: ProbeInput,
  progress: Progress,
): Promise<keyof CredentialReport['scopes']> {
  if (granted) return granted.some((name) => covers(name, scope.name)) ? 'present' : 'missing';
  if (!scope.probe) return 'unknown';
  try {
    await read(scope.probe, progress);
    return 'present';
  } catch (error) {
    if (!(error instanceof WebexError) || error.context.status === 401) throw error;
    if (error.kind === 'forbidden') return 'missing';
    if (error.kind === 'rejected' || error.kind === 'not-found') return 'unknown';
    throw error;
  }
}

/** `identity:groups_rw` reads, too. */
function covers(granted: string, needed: string): boolean {
  return granted === needed || granted === needed.replace(/_read$/, '_rw');
}

function probe(path: string, query: Record<string, string>, schema: z.ZodType): Scope['probe'] {
  return { operation: `GET ${path}`, path, query: new URLSearchParams(query), schema };
}
