import type { z } from 'zod';
import type { Read, ReadCall, ReadProgress } from '../http/reader';
import { WebexError, type CredentialReport } from '../port/webex';
import { wireGroups, wireLicenses, wireLocations, wirePeople } from '../wire/wire';

interface Scope {
  name: string;
  /** A cheap read that only this scope permits; null if only a write could show it. */
  probe: ReadCall<z.ZodType> | null;
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
  /** Scopes from the answer that issued the token; null: unknown, so reads have to show them. */
  granted: readonly string[] | null;
  readOnly: boolean;
}

/** Finds which of the needed scopes the token has. It only reads, and never writes. */
export async function probeScopes(
  input: ProbeInput,
  progress: ReadProgress,
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
  progress: ReadProgress,
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

/** `identity:groups_rw` includes reading. */
function covers(granted: string, needed: string): boolean {
  return granted === needed || granted === needed.replace(/_read$/, '_rw');
}

function probe(path: string, query: Record<string, string>, schema: z.ZodType): Scope['probe'] {
  return {
    operation: `GET ${path}`,
    path,
    query: new URLSearchParams(query),
    schema,
    mayBeRefused: 'always',
  };
}
