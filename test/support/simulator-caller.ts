import { startSimulator } from '../../src/simulator/start-simulator';
import type { SimulatorOptions } from '../../src/simulator/open-simulator';
import type { SettingsInput } from '../../src/simulator/state/settings';

export interface Reply {
  status: number;
  headers: Headers;
  body: unknown;
  /** What stands at a path such as `items.0.id`. */
  text(path: string): string;
  list(path: string): Record<string, unknown>[];
}

function at(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], body);
}

export interface SimulatorCaller {
  url: string;
  adminToken: string;
  call(method: string, path: string, body?: unknown, token?: string): Promise<Reply>;
  get(path: string): Promise<Reply>;
  patch(body: unknown): Promise<Reply>;
  control(method: string, path: string, body?: unknown): Promise<Reply>;
  set(settings: SettingsInput): Promise<void>;
  /** The id of the listed license with this offer, on this site where one is named. */
  license(offer: string, site?: string): Promise<string>;
  /** A user with exactly these offers (free and paid), made as somebody else. */
  user(name: string, offers: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** A simulator of its own for one test file, and the few calls that tests make. */
export async function callSimulator(options: SimulatorOptions = {}): Promise<SimulatorCaller> {
  const running = await startSimulator({ port: 0, users: 60, seed: 7, ...options });
  const { url, adminToken } = running;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    token = adminToken,
  ): Promise<Reply> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return {
      status: response.status,
      headers: response.headers,
      body: parsed,
      text: (where) => String(at(parsed, where)),
      list: (where) => at(parsed, where) as Record<string, unknown>[],
    };
  };
  const control = (method: string, path: string, body?: unknown): Promise<Reply> =>
    call(method, `/_simulator/${path}`, body);
  const license = (offer: string, site?: string): Promise<string> => {
    const found = running.simulator.organization.catalog.licenses.find(
      (one) => one.offer === offer && (site === undefined || one.site === site),
    );
    return found ? Promise.resolve(found.id) : Promise.reject(new Error(`No license ${offer}`));
  };
  return {
    url,
    adminToken,
    call,
    control,
    license,
    get: (path) => call('GET', path),
    patch: (body) => call('PATCH', '/v1/licenses/users', body),
    set: async (settings) => {
      const reply = await control('PUT', 'settings', settings);
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    },
    user: async (name, offers) => {
      const made = await control('POST', 'people?immediate=true', {
        emails: [`${name}@aspen.example`],
        displayName: name,
      });
      const personId = made.text('personId');
      const licenses = await Promise.all(offers.map((offer) => license(offer)));
      await control('PATCH', `people/${personId}`, { licenses, immediate: true });
      return personId;
    },
    close: () => running.close(),
  };
}
