/** Webex as a script without Seatwise sees it: one request at a time, no retries. */
export interface PlainPerson {
  id: string;
  type: string;
  licenses: string[];
}

export interface PlainClient {
  /** License ids by offer code, the first of each. */
  licenses: () => Promise<Map<string, string>>;
  /** Everybody, in pages of 1,000. */
  people: () => Promise<PlainPerson[]>;
  person: (id: string) => Promise<PlainPerson>;
  add: (personId: string, licenseIds: readonly string[]) => Promise<void>;
}

const offerInId = /:([A-Z]+)_/;

export function createPlainClient(webex: { url: string; token: string }): PlainClient {
  const request = async (url: string, body?: unknown): Promise<Response> => {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'PATCH',
      headers: { authorization: `Bearer ${webex.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const api = `${webex.url}/v1`;

  return {
    async licenses() {
      const response = await request(`${api}/licenses`);
      const { items } = (await response.json()) as { items: { id: string }[] };
      const byOffer = new Map<string, string>();
      for (const { id } of items) {
        const offer = offerInId.exec(Buffer.from(id, 'base64url').toString())?.[1] ?? '';
        if (!byOffer.has(offer)) byOffer.set(offer, id);
      }
      return byOffer;
    },
    async people() {
      const people: PlainPerson[] = [];
      let url: string | undefined = `${api}/people?max=1000`;
      while (url !== undefined) {
        const response: Response = await request(url);
        people.push(...((await response.json()) as { items: PlainPerson[] }).items);
        url = /<([^>]+)>; *rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      }
      return people;
    },
    person: async (id) => (await (await request(`${api}/people/${id}`)).json()) as PlainPerson,
    add: async (personId, licenseIds) => {
      const licenses = licenseIds.map((id) => ({ id, operation: 'add' }));
      await (await request(`${api}/licenses/users`, { personId, licenses })).arrayBuffer();
    },
  };
}

/** Works through a list, `atOnce` items at a time. */
export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const run = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}
