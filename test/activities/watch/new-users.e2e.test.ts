import { WatchStage } from '../../support/watch-stage';

describe('the watch finds new users', () => {
  let stage: WatchStage;
  let group: string;
  let looksBefore: number;

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 40, seed: 7 } });
    await stage.makePlenty('MS', 'UCPREM', 'CJPPRM');
    group = await stage.addGroup('Sales');
    await stage.saveTemplate(null, ['FMS', 'MS']);
    await stage.saveTemplate(group, ['UCPREM']);
    looksBefore = (await stage.watch()).looks;
  });
  afterAll(() => stage.close());

  it('R15 the first check is a baseline: it changes nobody', async () => {
    const { looks, readBy, waiting, lastError } = await stage.look();
    expect({ looks, readBy, waiting, lastError }).toEqual({
      looks: looksBefore + 1,
      readBy: 'scim',
      waiting: 0,
      lastError: null,
    });
    expect(await stage.rollouts()).toEqual([]);
  });

  it('R14 R15 R22 applies the organization template to a new user, and removes what was assigned automatically', async () => {
    const personId = await stage.addPerson('fresh');
    const [done] = await stage.lookAndReconcile();
    expect(done).toMatchObject({ phase: 'completed', title: '1 new user', createdBy: 'seatwise' });
    expect(await stage.offersOf(personId)).toEqual(['FMS', 'FSS', 'FTM', 'MS']);
    expect(await stage.reactions(personId)).toMatchObject([{ mode: 'new', kinds: ['new-user'] }]);
    await stage.look();
    expect(await stage.rollouts()).toHaveLength(1);
  });

  it('R15 R20 a user created with a license gets group templates, and not the organization one', async () => {
    const [license] = [stage.licenseOf('CJPPRM')];
    const alone = await stage.addPerson('explicit-alone', [license]);
    const member = await stage.addPerson('explicit-member', [license]);
    await stage.members(group, { add: [member] });
    await stage.lookAndReconcile();
    const asCreated = ['CJPPRM', 'FMS', 'FSS', 'FTC', 'FTM'];
    expect(await stage.offersOf(alone)).toEqual(asCreated);
    expect(await stage.offersOf(member)).toContain('UCPREM');
    expect(await stage.offersOf(member)).not.toContain('MS');
    // R91: the first sight of a member is no join.
    expect(await stage.reactions(member)).toMatchObject([{ mode: 'new', kinds: ['new-user'] }]);
  });

  it('R15 R21 older users who are first seen now count as new, and only gain', async () => {
    const { catalog } = stage.world.simulator.simulator.organization;
    const meeting = catalog.licenses.find(({ offer }) => offer === 'EE')!;
    meeting.fields.siteType = 'Linked site';
    const linked = await stage.addPerson('linked', [meeting.id]);
    const other = await stage.addPerson('claimed');
    const fields = { created: '2020-01-01T00:00:00.000Z' };
    for (const id of [linked, other]) {
      await stage.stage.control('PATCH', `people/${id}`, { fields, immediate: true });
    }
    const [done] = await stage.lookAndReconcile();
    expect(done).toMatchObject({
      title: '1 newly linked user, 1 older user seen for the first time',
    });
    expect(await stage.offersOf(linked)).toEqual(['EE', 'FMS', 'FSS', 'FTC', 'FTM', 'MS']);
    expect(await stage.offersOf(other)).toEqual(['FMS', 'FSS', 'FTC', 'FTM', 'MS']);
    expect(await stage.reactions(other)).toMatchObject([{ mode: 'add' }]);
  });

  it('R14 shows each reaction as a job, in the audit and with its user', async () => {
    const personId = await stage.addPerson('visible');
    const [done] = await stage.lookAndReconcile();
    const { body } = await stage.caller.org<{
      items: { action: string; target: string; details: Record<string, unknown> }[];
    }>('GET', 'audit-events?limit=20');
    const reacted = body.items.find(({ action }) => action === 'watch.reacted');
    expect(reacted).toMatchObject({
      target: `rollouts/${done!.rolloutId}`,
      details: { users: 1, 'new-user': 1 },
    });
    expect(body.items.some(({ action }) => action === 'watch.found')).toBe(true);
    const users = await stage.stage.users(done!.rolloutId);
    expect(users).toMatchObject([{ personId, outcome: 'converged' }]);
    const { client } = stage.world;
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const id = `rollout/${orgUuid}/${done!.rolloutId}`;
    const { memo, typedSearchAttributes } = await client.workflow.getHandle(id).describe();
    expect({ memo, isOurs: JSON.stringify(typedSearchAttributes).includes(orgUuid) }).toMatchObject(
      {
        isOurs: true,
      },
    );
  });

  it('R14 a flood becomes a rollout that waits for its start, and its users are not planned again', async () => {
    const people: string[] = [];
    for (let n = 0; n < 21; n += 1) people.push(await stage.addPerson(`flood-${n}`));
    const before = (await stage.rollouts()).length;
    await stage.look();
    await stage.look();
    const rollouts = await stage.rollouts();
    expect(rollouts).toHaveLength(before + 1);
    const { rolloutId } = rollouts.find(({ title }) => title === '21 new users')!;
    const planned = await stage.caller.until(rolloutId, ({ phase }) => phase === 'planned');
    expect(planned).toMatchObject({
      waitingFor: 'start, replan or discard',
      summary: { planned: 21 },
    });
    const late = await stage.addPerson('after-the-flood');
    const [single] = await stage.lookAndReconcile();
    expect(single).toMatchObject({ phase: 'completed', title: '1 new user' });
    expect(await stage.offersOf(late)).toContain('MS');
    expect(await stage.offersOf(people[0]!)).not.toContain('MS');

    await stage.caller.start(planned);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect((await stage.caller.act(rolloutId, 'promote')).status).toBe(200);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    await stage.look();
    for (const id of people) {
      expect(await stage.offersOf(id)).toEqual(['FMS', 'FSS', 'FTM', 'MS']);
      expect(await stage.reactions(id)).toMatchObject([{ rolloutId, isClosed: true }]);
    }
  });

  it('R24 where no template is left, new users get nothing, and no rollout is opened', async () => {
    for (const path of ['templates/organization', `templates/groups/${group}`]) {
      const { status } = await stage.caller.org('DELETE', `${path}?confirm=true`);
      expect(status).toBeLessThan(300);
    }
    const before = (await stage.rollouts()).length;
    const personId = await stage.addPerson('nothing');
    await stage.look();
    expect(await stage.rollouts()).toHaveLength(before);
    expect(await stage.offersOf(personId)).toEqual(['FMS', 'FSS', 'FTC', 'FTM']);
    expect(await stage.reactions(personId)).toMatchObject([{ rolloutId: null, isClosed: true }]);
  });
});
