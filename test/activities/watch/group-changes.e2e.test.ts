import { addPeople, WatchStage } from '../../support/watch-stage';
import type { World } from '../../support/world';

const calling = 'BCSTD';

describe('the watch finds changes of groups', () => {
  let stage: WatchStage;
  let sales: string;
  let support: string;
  let bystanders: string[];

  beforeAll(async () => {
    const prepare = async (world: World) => {
      const names = Array.from({ length: 10 }, (_, n) => `member-${n}`);
      bystanders = await addPeople(world, names);
    };
    stage = await WatchStage.open({ simulator: { users: 40, seed: 11 } }, undefined, prepare);
    await stage.makePlenty('UCPREM', 'CJPPRM', 'CF', calling);
    sales = await stage.addGroup('Sales');
    support = await stage.addGroup('Support');
    // An empty list of members is believed only after two checks (R88): somebody stays in each group.
    for (const groupId of [sales, support])
      await stage.members(groupId, { add: [await somebody()] });
    await stage.saveTemplate(sales, ['FMS', 'UCPREM']);
    await stage.saveTemplate(support, ['FMS', 'CJPPRM']);
    await stage.look();
  });
  afterEach(() => stage.change({ preserveOnGroupTransition: true }));
  afterAll(() => stage.close());

  /** Somebody who was there before the first check, and whom no story has touched. */
  async function somebody(licenses: string[] = []): Promise<string> {
    const personId = bystanders.pop();
    if (personId === undefined) throw new Error('there are too few bystanders');
    await stage.stage.control('PATCH', `people/${personId}`, {
      addLicenses: licenses,
      immediate: true,
    });
    expect(await stage.reactions(personId)).toEqual([]);
    return personId;
  }

  it('R29 the first sight of a group that gets a template is no change', async () => {
    expect(await stage.rollouts()).toEqual([]);
  });

  it('R26 R27 R28 setting on: a join adds, a move adds and keeps, a leave changes nothing', async () => {
    const personId = await somebody([stage.licenseOf('CF')]);
    await stage.members(sales, { add: [personId] });
    const [join] = await stage.lookAndReconcile();
    expect(join).toMatchObject({ phase: 'completed', title: '1 new group member' });
    const joined = ['CF', 'FMS', 'FSS', 'FTC', 'FTM', 'UCPREM'];
    expect(await stage.offersOf(personId)).toEqual(joined);

    await stage.members(sales, { remove: [personId] });
    await stage.members(support, { add: [personId] });
    const [move] = await stage.lookAndReconcile();
    expect(move).toMatchObject({
      phase: 'completed',
      title: '1 new group member, 1 former group member',
    });
    expect(await stage.offersOf(personId)).toEqual([...joined, 'CJPPRM'].sort());

    await stage.members(support, { remove: [personId] });
    expect(await stage.lookAndReconcile()).toEqual([]);
    expect(await stage.offersOf(personId)).toEqual([...joined, 'CJPPRM'].sort());
    expect((await stage.reactions(personId)).at(-1)).toMatchObject({
      kinds: ['left'],
      rolloutId: null,
      isClosed: true,
    });
  });

  it('R26 R29 setting off: after a join, a move and a leave the licenses are exactly the desired ones', async () => {
    const personId = await somebody([stage.licenseOf('CF')]);
    await stage.change({ preserveOnGroupTransition: false });
    await stage.members(sales, { add: [personId] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(personId)).toEqual(['FMS', 'FSS', 'FTM', 'UCPREM']);

    await stage.members(sales, { remove: [personId] });
    await stage.members(support, { add: [personId] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(personId)).toEqual(['CJPPRM', 'FMS', 'FSS', 'FTM']);

    await stage.members(support, { remove: [personId] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(personId)).toEqual(['FMS', 'FSS', 'FTM']);
  });

  it('R29b nothing automatic removes Webex Calling: it is blocked as irreversible', async () => {
    const personId = await somebody();
    const { catalog } = stage.world.simulator.simulator.organization;
    const license = catalog.licenses.find(({ offer }) => offer === calling)!;
    await stage.stage.control('PATCH', `people/${personId}`, {
      addLicenses: [license.id],
      immediate: true,
    });
    await stage.change({ preserveOnGroupTransition: false });
    await stage.members(sales, { add: [personId] });
    const [done] = await stage.lookAndReconcile();
    expect(done).toMatchObject({ phase: 'completed' });
    expect(await stage.offersOf(personId)).toContain(calling);
    expect(await stage.offersOf(personId)).not.toContain('FTC');
  });

  it('R10 R27 with parent groups on, a join of an inner group is found, and the switch itself is no change', async () => {
    const inside = await stage.addGroup('Sales, north');
    const already = await somebody();
    await stage.members(inside, { add: [already] });
    await stage.members(sales, { add: [inside] });
    expect(await stage.lookAndReconcile()).toEqual([]);
    await stage.change({ includeParentGroups: true });
    expect(await stage.lookAndReconcile()).toEqual([]);
    const personId = await somebody();
    await stage.members(inside, { add: [personId] });
    const [done] = await stage.lookAndReconcile();
    expect(done).toMatchObject({ title: '1 new group member' });
    expect(await stage.offersOf(personId)).toContain('UCPREM');
    await stage.change({ includeParentGroups: false });
    expect(await stage.lookAndReconcile()).toEqual([]);
    expect(await stage.offersOf(already)).not.toContain('UCPREM');
    await stage.members(sales, { remove: [inside] });
  });

  it('R22 R15 a new user who joins a group a little later is reconciled as new', async () => {
    const personId = await stage.addPerson('late-joiner');
    expect(await stage.lookAndReconcile()).toEqual([]);
    await stage.members(sales, { add: [personId] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(personId)).toEqual(['FMS', 'FSS', 'FTM', 'UCPREM']);
  });

  it('R33 R26 a deleted group: gone at the first check, ended at the second, and nobody loses anything', async () => {
    const personId = await somebody();
    await stage.members(support, { add: [personId] });
    await stage.lookAndReconcile();
    const held = await stage.offersOf(personId);
    await stage.stage.control('DELETE', `groups/${support}`);
    expect(await stage.lookAndReconcile()).toEqual([]);
    expect(await templateStatus(support)).toBe(200);
    await untilEnded(support);
    expect(await stage.offersOf(personId)).toEqual(held);
    expect((await stage.reactions(personId)).at(-1)).toMatchObject({
      kinds: ['group-deleted'],
      isClosed: true,
    });
  });

  it('R33 R29 setting off: members of a deleted group keep exactly what is desired', async () => {
    const personId = await somebody();
    await stage.members(sales, { add: [personId] });
    await stage.lookAndReconcile();
    expect(await stage.offersOf(personId)).toContain('UCPREM');
    await stage.change({ preserveOnGroupTransition: false, watch: { floodLimit: 1_000 } });
    await stage.stage.control('DELETE', `groups/${sales}`);
    await stage.look();
    expect(await stage.offersOf(personId)).toContain('UCPREM');
    const opened = await untilEnded(sales);
    expect(opened.length).toBe(1);
    expect(await stage.offersOf(personId)).not.toContain('UCPREM');
  });

  async function templateStatus(groupId: string): Promise<number> {
    return (await stage.caller.org('GET', `templates/groups/${groupId}`)).status;
  }

  /** Two looks are enough. */
  async function untilEnded(groupId: string) {
    for (let looks = 0; looks < 60; looks += 1) {
      const opened = await stage.lookAndReconcile();
      if ((await templateStatus(groupId)) === 404) return opened;
    }
    throw new Error('the template of a deleted group never ended');
  }
});
