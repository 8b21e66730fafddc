/** The rules of a bent Webex: which calls they meet, and what they do to the answer. */

/** An answer on its way to the caller. `body` is JSON, or text such as a page of HTML. */
export interface BentAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

type Entry = Record<string, unknown>;

/**
 * One rule. All rules that meet a call are applied, in the order of the table; each counts the calls
 * that it meets. What isn't named stays as Webex said it.
 */
export interface Bend {
  /** As in Cisco's documentation: `GET /people`, `GET /groups/{groupId}/members`, `* *` for all. */
  call: string;
  /** Only calls about this person: their id, or its UUID, is in the path, the query or the body. */
  person?: string;
  /** Only calls with these values in the query; null: without this parameter. */
  query?: Record<string, string | null>;
  /** Which of the calls that it meets, from 1. Default: all. */
  nth?: number | readonly number[];
  /** This call and all later ones. */
  from?: number;

  /** Changes the query before Webex is asked; null removes a parameter. Cuts page sizes: `{ max: '100' }`. */
  ask?: Record<string, string | null>;
  /** Changes what Webex is asked to do: a part of a write that it refuses. */
  askBody?: (body: Entry) => Entry;
  /** Answers without asking Webex: nothing is done. */
  instead?: Partial<BentAnswer>;
  /** Answers like the first call that this rule met, or like the one before: pages repeat. */
  repeat?: 'first' | 'previous';
  /** Webex does what was asked, and the connection breaks before the answer. */
  loseAnswer?: boolean;
  /** Webex isn't asked, and the connection breaks. */
  refuseConnection?: boolean;
  /** The answer comes so much later. */
  delayMs?: number;
  /** Changes the status of Webex's answer: what was asked is done. */
  status?: number;
  /** Sets headers of the answer; null drops one: `{ link: null }`. */
  headers?: Record<string, string | null>;
  /** Lets `Link` point to where this says, given its query. */
  linkTo?: (query: string) => string;
  /** Changes the list in the answer, whatever its key; null leaves the list out. */
  list?: (entries: Entry[]) => Entry[] | null;
  /** Sets fields of the answer; undefined leaves one out: `{ totalResults: undefined }`. */
  fields?: Record<string, unknown>;
  /** Anything else: another body made of this one. */
  body?: (body: unknown) => unknown;
}

/** What a gateway sends with status 200 while it is ill. */
export const htmlPage = '<!doctype html><html><body>We will be back soon.</body></html>';

export const cutTo =
  (count: number) =>
  (entries: Entry[]): Entry[] =>
    entries.slice(0, count);

export const nothing = (): Entry[] => [];

export const noList = (): null => null;

export const without =
  (...ids: string[]) =>
  (entries: Entry[]): Entry[] =>
    entries.filter(({ id }) => !ids.includes(String(id)));

/** The keys under which Webex sends lists. */
const listKeys = ['items', 'groups', 'members', 'users', 'Resources', 'phoneNumbers'];

export interface BentCall {
  method: string;
  /** Without `/v1`. */
  path: string;
  query: URLSearchParams;
  text: string;
}

export function meets(bend: Bend, call: BentCall): boolean {
  const [method = '*', path = '*'] = bend.call.split(' ');
  if (method !== '*' && method !== call.method) return false;
  if (path !== '*' && !patternOf(path).test(call.path)) return false;
  if (bend.person !== undefined && !isAbout(call, bend.person)) return false;
  return Object.entries(bend.query ?? {}).every(([name, value]) => call.query.get(name) === value);
}

/** Whether a rule acts on the n-th call that it meets. */
export function actsOn({ nth, from }: Bend, n: number): boolean {
  if (nth === undefined && from === undefined) return true;
  if (from !== undefined && n >= from) return true;
  return typeof nth === 'number' ? n === nth : (nth?.includes(n) ?? false);
}

export function bendQuery(bend: Bend, query: URLSearchParams): void {
  for (const [name, value] of Object.entries(bend.ask ?? {})) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
}

export function bendText({ askBody }: Bend, call: BentCall): void {
  if (!askBody || call.text === '') return;
  call.text = JSON.stringify(askBody(JSON.parse(call.text) as Entry));
}

/** For `askBody`: Webex doesn't add this license, and does the rest. */
export const withoutAdding =
  (licenseId: string) =>
  ({ licenses = [], ...rest }: Entry): Entry => ({
    ...rest,
    licenses: (licenses as Entry[]).filter(
      ({ id, operation }) => id !== licenseId || operation !== 'add',
    ),
  });

export function bendAnswer(bend: Bend, answer: BentAnswer): BentAnswer {
  const headers = { ...withLink(answer.headers, bend), ...lowerCased(bend.headers ?? {}) };
  const kept = Object.entries(headers).filter((one): one is [string, string] => one[1] !== null);
  return {
    status: bend.status ?? answer.status,
    headers: Object.fromEntries(kept),
    body: bentBody(bend, answer.body),
  };
}

function withLink({ link, ...others }: Record<string, string>, { linkTo }: Bend) {
  if (link === undefined) return others;
  if (!linkTo) return { ...others, link };
  return {
    ...others,
    link: link.replace(/<[^>?]*\?([^>]*)>/, (_, query: string) => `<${linkTo(query)}>`),
  };
}

function lowerCased<T>(headers: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function bentBody(bend: Bend, given: unknown): unknown {
  let body = given;
  if (isEntry(body) && bend.list) body = withList(body, bend.list);
  if (isEntry(body) && bend.fields) body = { ...body, ...bend.fields };
  return bend.body ? bend.body(body) : body;
}

function withList(body: Entry, change: NonNullable<Bend['list']>): Entry {
  const key = listKeys.find((name) => Array.isArray(body[name]));
  if (key === undefined) return body;
  const { [key]: entries, ...rest } = body;
  const list = change(entries as Entry[]);
  return list === null ? rest : { ...rest, [key]: list };
}

function isEntry(body: unknown): body is Entry {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** `{groupId}` stands for one part of a path. */
function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (/^\{.*\}$/.test(part) ? '[^/]+' : escaped(part)));
  return new RegExp(`^${parts.join('/')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isAbout({ path, query, text }: BentCall, person: string): boolean {
  const uuid = Buffer.from(person, 'base64').toString().split('/').at(-1) ?? person;
  const said = `${decodeURIComponent(path)} ${query.toString()} ${text}`;
  return said.includes(person) || (uuid.length > 30 && said.includes(uuid));
}
