/** The HTTP API as any client sees it: the demonstration uses nothing else. */
export interface Api {
  get<T>(path: string): Promise<T>;
  getText(path: string): Promise<string>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/** A refusal of the API, with the text of its problem details. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Problem {
  detail?: string;
  errors?: { detail: string }[];
}

async function problemOf(response: Response, call: string): Promise<ApiProblem> {
  const text = await response.text();
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // A proxy answered, not the API: the status is all there is.
  }
  const faults = (problem.errors ?? []).map((error) => error.detail);
  const said = [problem.detail ?? text.slice(0, 200), ...faults].join(' ');
  return new ApiProblem(response.status, `${call}: ${String(response.status)} ${said}`);
}

export function createApi(options: { url: string; token: string; signal: AbortSignal }): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(new URL(path, options.url), {
      method,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: options.signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await problemOf(response, `${method} ${path}`);
    return response;
  };
  const json = async <T>(response: Response): Promise<T> =>
    (response.status === 204 ? undefined : await response.json()) as T;
  return {
    get: async (path) => json(await call('GET', path)),
    getText: async (path) => (await call('GET', path)).text(),
    send: async (method, path, body) => json(await call(method, path, body)),
  };
}

/** Every item of a listing, page by page. */
export async function listAll<T>(api: Api, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const joint = path.includes('?') ? '&' : '?';
    const next = cursor === null ? '' : `${joint}cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; next?: string | null } = await api.get(`${path}${next}`);
    items.push(...page.items);
    cursor = page.next ?? null;
  } while (cursor !== null);
  return items;
}
