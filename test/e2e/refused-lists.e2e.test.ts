import { cutTo } from '../support/bent-webex';
import { WatchStage } from '../support/watch-stage';

interface Refused {
  list: string;
  before: number;
  now: number;
  missing: number;
}

describe('a list that comes back short', () => {
  let stage: WatchStage;
  let sales: string;
  let members: string[];

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 40, seed: 11 }, bend: [] });
    await stage.makePlenty('UCPREM');
    const { body } = await stage.caller.org<{ items: { personId: string; kind: string }[] }>(
      'GET',
      'users?limit=1000',
    );
    const people = body.items.filter(({ kind }) => kind === 'person');
    members = people.slice(0, 16).map(({ personId }) => personId);
    sales = await stage.addGroup('Sales');
    await stage.members(sales, { add: members });
    await stage.saveTemplate(sales, ['FMS', 'UCPREM']);
    await stage.look();
    await stage.change({ preserveOnGroupTransition: false });
  });
  afterAll(() => stage.close());

  const refused = async () =>
    ((await stage.caller.org('GET', 'watch')).body as { refused: Refused[] }).refused;

  it('R88 R89 nobody loses anything by it, the watch shows both figures, and it is believed once accepted', async () => {
    await stage.members(sales, { remove: members.slice(4) });
    const before = await stage.offersOf(members[10]!);
    expect(await stage.lookAndReconcile()).toEqual([]);
    expect(await stage.offersOf(members[10]!)).toEqual(before);
    const [list] = await refused();
    expect(list).toMatchObject({ list: `members:${sales}`, before: 16, now: 4, missing: 12 });

    const answer = await stage.caller.org('POST', 'watch/accept', {
      list: list!.list,
      before: 16,
      now: 4,
      reason: 'the team was dissolved',
    });
    expect(answer.status).toBe(202);
    await stage.untilWatch(
      (watch) => (watch as unknown as { refused: Refused[] }).refused.length === 0,
    );
  });

  it('R87 R88 a short list of people makes nobody gone', async () => {
    stage.world.bent!.set({ call: 'GET /people', query: { id: null }, list: cutTo(10) });
    await stage.caller.org('POST', 'observe');
    await stage.lookAndReconcile();
    stage.world.bent!.straighten();
    const { rows } = await stage.world.database.db.$client.query<{ gone: number }>(
      'SELECT count(*)::int AS gone FROM directory_user WHERE gone_at IS NOT NULL',
    );
    expect(rows).toEqual([{ gone: 0 }]);
  });
});
