/** An organization whose every list is whole, as answers to questions: for readers of lists, bent or not. */
import { actsOn, bendAnswer, bendQuery, meets, type Bend, type BentAnswer } from './bends';
import {
  asOrganization,
  aScriptedWebex,
  groupId,
  licenseId,
  locationId,
  orgUuid,
  personId,
  uuidNumber,
  type Asked,
  type Scripted,
} from './scripted-webex';

export interface WholeOptions {
  people?: number;
  groups?: number;
  members?: number;
  numbers?: number;
  /** Default: the token may not read them. */
  locations?: number;
  /** SCIM's groups. Default: the token may not read them. */
  origins?: number;
  /** What full pages are cut to. */
  pageSize?: number;
  /** Lists of people lack licenses: they are read from the user pages of each license. */
  arePeopleBare?: boolean;
  /** Changes between two answers; `n`: how many calls came before. */
  membersAt?: (n: number) => number[];
}

const count = (to: number) => Array.from({ length: to }, (_, i) => i + 1);
const offers = ['FMS', 'MS', 'FTC'];
const fromDirectory = {
  'urn:scim:schemas:extension:cisco:webexidentity:2.0:Group': { provisionSource: 'AD' },
};
const noon = Date.UTC(2026, 0, 1, 12);

/** Answers every list as Webex does: people and holders by links, the others by index. */
function answerOf(options: WholeOptions, asked: Asked, n: number): BentAnswer {
  const { people = 450, groups = 12, members = 450, numbers = 250 } = options;
  const { path, query } = asked;
  const known = asOrganization(asked);
  if (known) return told(known.body);
  const indexed = (key: string, entries: unknown[], more: object) => {
    const from = Number(query.get('startIndex') ?? '1') - 1;
    const size = Math.min(options.pageSize ?? 500, Number(query.get('count')));
    return told({ ...more, [key]: entries.slice(from, from + size) });
  };
  const linked = (key: string, entries: unknown[], sizeName: string, more: object = {}) => {
    const size = Math.min(options.pageSize ?? 1000, Number(query.get(sizeName)));
    const from = Number(query.get('after') ?? 0);
    const next = new URLSearchParams(query);
    next.set('after', String(from + size));
    const link = `<https://webex.example${path}?${next.toString()}>; rel="next"`;
    const hasMore = from + size < entries.length;
    return told({ ...more, [key]: entries.slice(from, from + size) }, hasMore ? { link } : {});
  };
  const person = (id: number) => ({
    id: personId(id),
    ...(options.arePeopleBare ? {} : { licenses: [licenseId('FMS')] }),
  });
  const membersNow = options.membersAt?.(n) ?? count(members);
  switch (path) {
    case '/v1/people': {
      const ids = query.get('id')?.split(',');
      if (!ids) return linked('items', count(people).map(person), 'max');
      const here = count(people).filter((id) => ids.includes(personId(id)));
      const notFoundIds = ids.filter((id) => !here.some((one) => personId(one) === id));
      return told({ items: here.map(person), notFoundIds });
    }
    case '/v1/licenses':
      return told({
        items: offers.map((offer) => ({
          id: licenseId(offer),
          consumedByUsers: people,
          totalUnits: people,
        })),
      });
    case '/v1/groups': {
      const all = count(groups).map((id) => ({ id: groupId(id), memberSize: members }));
      return indexed('groups', all, { totalResults: groups });
    }
    case `/v1/groups/${groupId(1)}`:
      return told({ id: groupId(1), memberSize: membersNow.length });
    case `/v1/groups/${groupId(1)}/members`: {
      const all = membersNow.map((id) => ({ id: personId(id), type: 'user' }));
      return indexed('members', all, { id: groupId(1), memberSize: all.length });
    }
    case '/v1/telephony/config/numbers': {
      const from = Number(query.get('start'));
      const all = count(numbers).map((id) => ({ phoneNumber: `+4930${1_000_000 + id}` }));
      const size = Math.min(options.pageSize ?? 1000, Number(query.get('max')));
      return told({ phoneNumbers: all.slice(from, from + size) });
    }
    case `/identity/scim/${orgUuid}/v2/Users`: {
      const all = count(people).map((id) => ({
        id: uuidNumber(id),
        meta: { lastModified: new Date(noon - id * 60_000).toISOString() },
      }));
      return indexed('Resources', all, { totalResults: people });
    }
  }
  if (path === '/v1/locations' && options.locations !== undefined) {
    const all = count(options.locations).map((id) => ({ id: locationId(id) }));
    return linked('items', all, 'max');
  }
  if (path === `/identity/scim/${orgUuid}/v2/Groups` && options.origins !== undefined) {
    const all = count(options.origins).map((id) => ({ id: uuidNumber(id), ...fromDirectory }));
    return indexed('Resources', all, { totalResults: options.origins });
  }
  if (path.startsWith('/v1/licenses/')) {
    const users = count(people).map((id) => ({ id: personId(id), type: 'INTERNAL' }));
    return linked('users', users, 'limit', { id: path.slice(13), consumedByUsers: people });
  }
  return { status: 403, headers: {}, body: { message: 'no' } };
}

/** The whole organization behind these bends, without a socket. */
export function aWholeWebex(options: WholeOptions = {}, bends: readonly Bend[] = []): Scripted {
  const rules = bends.map((bend) => ({ bend, met: 0, first: null as BentAnswer | null }));
  return aScriptedWebex((asked, n) => {
    const path = asked.path.replace(/^\/v1(?=\/)/, '');
    const call = { method: asked.method, path, query: asked.query, text: '' };
    const meeting = rules.filter(({ bend }) => meets(bend, call));
    const acting = meeting.filter((rule) => actsOn(rule.bend, (rule.met += 1)));
    for (const { bend } of acting) bendQuery(bend, asked.query);
    let answer = acting.find(({ bend }) => bend.instead)
      ? told({}, {})
      : answerOf(options, asked, n);
    for (const { bend } of acting) if (bend.instead) answer = { ...answer, ...bend.instead };
    const repeated = acting.find(({ bend }) => bend.repeat);
    if (repeated) answer = repeated.first ?? answer;
    for (const rule of meeting) rule.first ??= answer;
    return acting.reduce((bent, { bend }) => bendAnswer(bend, bent), answer);
  });
}

function told(body: unknown, headers: Record<string, string> = {}): BentAnswer {
  return { status: 200, headers, body };
}
