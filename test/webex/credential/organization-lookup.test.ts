import {
  all,
  asOrganization,
  aScriptedWebex,
  idOf,
  personId,
  type Asked,
  type Told,
} from '../../support/scripted-webex';

const otherUuid = '00000000-0000-4000-8000-00000000000b';
const other = idOf(`ciscospark://us/ORGANIZATION/${otherUuid}`);

/** A Webex whose token opens `organization()`; every list of the other one is empty. */
function aWebexThatMoves() {
  const state = {
    orgId: null as string | null,
    me: null as Told | null,
    at: 1_000_000,
    knowsAll: true,
  };
  const answer = (asked: Asked): Told => {
    if (asked.path === '/v1/people/me') {
      if (state.me) return state.me;
      if (state.orgId) return { body: { id: personId(0), orgId: state.orgId } };
    }
    if (!state.knowsAll && asked.path.startsWith('/v1/people/') && asked.path !== '/v1/people/me') {
      return { status: 404, body: {} };
    }
    if (state.orgId && asked.path === '/v1/organizations') {
      return { body: { items: [{ id: state.orgId, displayName: 'Other' }] } };
    }
    const known = asOrganization(asked);
    if (known) return known;
    return { body: { items: [], groups: [], Resources: [], totalResults: 0 } };
  };
  const scripted = aScriptedWebex(answer, { now: () => state.at, readRetryMs: 0 });
  const isAsked = () => scripted.calls().filter((call) => call === 'GET /v1/people/me').length;
  return { ...scripted, state, isAsked };
}

type Scripted = ReturnType<typeof aWebexThatMoves>['webex'];

const reads: [string, (webex: Scripted) => Promise<unknown>][] = [
  ['people', (webex) => all(webex.listPeople())],
  ['people by id', (webex) => all(webex.readPeople([personId(1)], 100))],
  ['groups', (webex) => webex.listGroups()],
  ['members', (webex) => all(webex.listMembers('group'))],
  ['licenses', (webex) => webex.listLicenses()],
  ['numbers', (webex) => webex.listNumbers()],
  ['changed users', (webex) => all(webex.listChangedUsers(new Date(0)))],
];

describe('R87 R89 a token that opens another organization than before', () => {
  it.each(reads)('shows nothing that is believed: %s', async (_, read) => {
    const { webex, state } = aWebexThatMoves();
    await webex.checkCredential();
    state.orgId = other;
    state.at += 10_000;
    await expect(read(webex)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(`opens another organization (${otherUuid})`) as string,
    });
  });

  it('is noticed only as long as it does', async () => {
    const { webex, state } = aWebexThatMoves();
    await webex.checkCredential();
    state.orgId = other;
    state.at += 10_000;
    await expect(all(webex.readPeople([personId(1)], 100))).rejects.toThrow('another organization');
    state.orgId = null;
    expect(await all(webex.readPeople([personId(1)], 100))).toHaveLength(1);
  });

  it('is asked for again before anybody counts as not found', async () => {
    const { webex, state, isAsked } = aWebexThatMoves();
    await webex.checkCredential();
    state.knowsAll = false;
    state.at += 1;
    const nobody = () => all(webex.readPeople([personId(1)], 100));
    expect(await nobody()).toMatchObject([{ notFound: [personId(1)] }]);
    expect(isAsked()).toBe(2);
    state.orgId = other;
    state.at += 1;
    await expect(nobody()).rejects.toThrow('another organization');
  });

  it('is asked for once per ten seconds, however many reads begin', async () => {
    const { webex, state, isAsked } = aWebexThatMoves();
    await webex.checkCredential();
    expect(isAsked()).toBe(1);
    const read = () => all(webex.readPeople([personId(1)], 100));
    await Promise.all([read(), read()]);
    expect(isAsked()).toBe(1);
    state.at += 10_000;
    await Promise.all([read(), read(), read()]);
    await read();
    expect(isAsked()).toBe(2);
  });

  it('is not told from a refusal: what a service app may not read says nothing', async () => {
    const { webex, state } = aWebexThatMoves();
    await webex.checkCredential();
    state.me = { status: 403, body: { message: 'scope' } };
    state.at += 10_000;
    expect(await all(webex.readPeople([personId(1)], 100))).toHaveLength(1);
  });

  it('is told by what it may read, where it may not read its owner any more', async () => {
    const { webex, state } = aWebexThatMoves();
    await webex.checkCredential();
    state.me = { status: 403, body: { message: 'scope' } };
    state.orgId = other;
    state.at += 10_000;
    await expect(all(webex.listPeople())).rejects.toThrow('another organization');
  });

  it('stops reads where nobody can say which organization it opens', async () => {
    const { webex, state } = aWebexThatMoves();
    await webex.checkCredential();
    state.me = { status: 503, body: {} };
    state.at += 10_000;
    await expect(all(webex.readPeople([personId(1)], 100))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});
