/** A Webex that answers from a function, without a socket, and remembers what it was asked. */
import type { Change, ChangeTarget, Operation } from '../../src/domain/model/change';
import { toWebexId } from '../../src/domain/model/webex-id';
import { createWebex, type WebexOptions } from '../../src/webex/create-webex';
import type { Webex } from '../../src/webex/port/webex';

export const orgUuid = 'b50318de-fa24-4700-8b6a-d6c30e7b9644';
export const token = 'very-secret-access-token';

export const idOf = (uri: string) => Buffer.from(uri).toString('base64url');
export const orgId = idOf(`ciscospark://us/ORGANIZATION/${orgUuid}`);
export const uuidNumber = (n: number) => `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`;
export const personId = (n: number) => toWebexId('person', uuidNumber(n), orgUuid)!;
export const groupId = (n: number) => toWebexId('group', uuidNumber(n), orgUuid)!;
export const locationId = (n: number) => toWebexId('location', uuidNumber(n), orgUuid)!;
export const licenseId = (offer: string, site?: string) =>
  idOf(`ciscospark://us/LICENSE/${orgUuid}:${offer}_${uuidNumber(1)}${site ? `_${site}` : ''}`);

export interface Asked {
  origin: string;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
  signal: AbortSignal | null;
}

export interface Told {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Scripted {
  webex: Webex;
  asked: Asked[];
  /** Operations in order, as `GET /people`. */
  calls: () => string[];
}

/** `answer` says what is told; throwing is a failed connection. */
export function aScriptedWebex(
  answer: (asked: Asked, n: number) => Told | Promise<Told>,
  options: Partial<WebexOptions> = {},
): Scripted {
  const asked: Asked[] = [];
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(input);
    const request: Asked = {
      origin: url.origin,
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: parsedBody(init.body),
      signal: init.signal ?? null,
    };
    asked.push(request);
    const { status = 200, body = {}, headers = {} } = await answer(request, asked.length);
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers,
    });
  };
  const webex = createWebex({
    baseUrl: 'https://webex.example/v1',
    credential: { kind: 'token', accessToken: token },
    readOnly: false,
    userAgent: 'seatwise/test',
    random: () => 0,
    listPauseMs: 0,
    fetch,
    ...options,
  });
  return { webex, asked, calls: () => asked.map(({ method, path }) => `${method} ${path}`) };
}

/** The directory questions that most stories don't care about. */
export function asOrganization(asked: Asked): Told | undefined {
  if (asked.path === '/v1/people/me') return { body: { id: personId(0), orgId } };
  if (asked.path === '/v1/organizations') {
    return { body: { items: [{ id: orgId, displayName: 'Acme' }] } };
  }
  return undefined;
}

export function aChange(operation: Operation, target: ChangeTarget): Change {
  return {
    operation,
    target,
    reason: { code: 'granted', text: 'granted', rule: 'R11', templates: [] },
    replacement: false,
  };
}
export const adds = (offer: string, site?: string) => aChange('add', aLicense(offer, site));
export const removes = (offer: string, site?: string) => aChange('remove', aLicense(offer, site));
export const addsAttendee = (site: string) => aChange('add', { kind: 'attendee', site });
export const removesAttendee = (site: string) => aChange('remove', { kind: 'attendee', site });

/** A request that ends only when it is aborted. */
export function hangs({ signal }: Asked): Promise<Told> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

/** What fetch throws when a connection breaks. */
export function broken(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const page of pages) got.push(page);
  return got;
}

function aLicense(offer: string, site?: string): ChangeTarget {
  return { kind: 'license', licenseId: licenseId(offer, site), offer, site: site ?? null };
}

function parsedBody(body: RequestInit['body']): unknown {
  if (typeof body !== 'string') return undefined;
  return body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
}
