import { addPeople, until, WatchStage, type WatchBody } from '../support/watch-stage';

const names = Array.from({ length: 9 }, (_, n) => `member-${n}`);
const grants = [['UCPREM'], ['CJPPRM'], ['CF']];
const free = ['FMS', 'FSS', 'FTM'];

/** Ten users in groups of three, with the setting off: whatever is strange here is ordinary. */
describe('a small organization', () => {
  let stage: WatchStage;
  let people: string[];
  let groups: string[];
  /** Members of each group. */
  let members: string[][];

  beforeAll(async () => {
    stage = await WatchStage.open(
      { simulator: { users: 1, seed: 3 }, bend: [] },
      undefined,
      async (world) => {
        people = await addPeople(world, names);
      },
    );
    await stage.makePlenty('UCPREM', 'CJPPRM', 'CF');
    groups = [];
    for (const name of ['Sales', 'Support', 'Lab']) groups.push(await stage.addGroup(name));
    members = [0, 1, 2].map((at) => people.slice(at * 3, at * 3 + 3));
    for (const [at, groupId] of groups.entries()) {
      await stage.members(groupId, { add: members[at]! });
      await stage.saveTemplate(groupId, ['FMS', ...grants[at]!]);
    }
    await stage.look();
    await stage.change({ preserveOnGroupTransition: false });
  });
  afterAll(() => stage.close());

  /** The weekly synchronization: everybody moves to the next group. */
  async function everybodyMoves(): Promise<void> {
    for (const [at, groupId] of groups.entries()) {
      await stage.members(groupId, { remove: members[at]! });
    }
    members = [members[2]!, members[0]!, members[1]!];
    for (const [at, groupId] of groups.entries()) {
      await stage.members(groupId, { add: members[at]! });
    }
  }

  async function expectExact(except: readonly string[] = []): Promise<void> {
    for (const [at, list] of members.entries()) {
      for (const personId of list.filter((id) => !except.includes(id))) {
        expect(await stage.offersOf(personId)).toEqual([...free, ...grants[at]!].sort());
      }
    }
  }

  function expectNoAlarm(watch: WatchBody): void {
    const { floods, halted, lastError, deferred } = watch;
    const givenUp = watch.givenUp.users;
    expect({ floods, halted, lastError, deferred, givenUp }).toEqual({
      floods: [],
      halted: [],
      lastError: null,
      deferred: 0,
      givenUp: 0,
    });
  }

  it('R89 R97 R106 a synchronization moves everybody at once, and one account is protected', async () => {
    const [locked] = people;
    const refused = { status: 403, body: { message: 'protected' } };
    stage.world.bent!.set({
      call: 'PATCH /licenses/users',
      person: locked!,
      instead: refused,
    });
    await everybodyMoves();
    const [done] = await stage.lookAndReconcile();
    expect(done).toMatchObject({ phase: 'completed' });
    await expectExact([locked!]);
    expectNoAlarm(await stage.look());
    // R100: it was tried again by the second check.
    expect((await stage.reactions(locked!)).length).toBeGreaterThan(1);
  });

  it('R100 the next synchronization finds that account again, and now it is written', async () => {
    stage.world.bent!.straighten();
    // What the second check tried again may still be under way, and now it arrives.
    await stage.untilAllEnded();
    await everybodyMoves();
    const opened = await stage.lookAndReconcile();
    expect(opened.map(({ phase }) => phase)).toEqual(opened.map(() => 'completed'));
    await expectExact();
    expectNoAlarm(await stage.look());
  });

  it('R88 R89 the last member of a group leaves, too', async () => {
    const [lab, left] = [groups[2]!, members[2]!];
    for (const personId of left) {
      await stage.members(lab, { remove: [personId] });
      await stage.lookAndReconcile();
    }
    // An empty list is believed once two checks agree.
    await stage.lookAndReconcile();
    for (const personId of left) expect(await stage.offersOf(personId)).toEqual(free);
    members[2] = [];
    await expectExact();
    expectNoAlarm(await stage.look());
  });

  it('R90 a group that is made again takes nothing from anybody', async () => {
    const [sales, list] = [groups[0]!, members[0]!];
    const held = await Promise.all(list.map((personId) => stage.offersOf(personId)));
    await stage.stage.control('DELETE', `groups/${sales}`);
    const again = await stage.addGroup('Sales');
    await stage.members(again, { add: list });
    const check = async () => {
      expect(await stage.lookAndReconcile()).toEqual([]);
      return stage.caller.org<{ successor: string | null }>('GET', `templates/groups/${sales}`);
    };
    await until(check, ({ body }) => body.successor === again);
    const moved = await stage.caller.org('POST', `templates/groups/${sales}/move`, { to: again });
    expect(moved.status).toBe(200);
    expect(await stage.lookAndReconcile()).toEqual([]);
    expect(await Promise.all(list.map((personId) => stage.offersOf(personId)))).toEqual(held);
    const [first] = list;
    await stage.members(again, { remove: [first!] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(first!)).toEqual(free);
  });
});
