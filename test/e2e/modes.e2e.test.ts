import { expectNothingLeft, expectUntouched } from '../support/aftermath';
import { WatchStage } from '../support/watch-stage';

const forAll = 'UCPREM';
const forGroup = 'CJPPRM';

/** With the setting off, in which a change of groups takes licenses: a change of modes must not. */
describe('changing how templates combine while the directory is watched', () => {
  let stage: WatchStage;
  let group: string;
  let count = 0;
  const members: string[] = [];

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 40, seed: 13 } });
    await stage.makePlenty(forAll, forGroup);
    group = await stage.addGroup('Sales');
    await stage.saveTemplate(group, ['FMS', forGroup]);
    await stage.saveTemplate(null, ['FMS', forAll]);
    await stage.look();
    await stage.change({ preserveOnGroupTransition: false });
  });
  afterAll(() => stage.close());

  /** Two newcomers, one of them a member of the group: what templates give to each. */
  async function newcomers(): Promise<{ member: string[]; other: string[] }> {
    count += 1;
    const member = await stage.addPerson(`member-${count}`);
    const other = await stage.addPerson(`other-${count}`);
    members.push(member);
    await stage.members(group, { add: [member] });
    await stage.lookAndReconcile();
    const givenTo = async (personId: string) =>
      (await stage.offersOf(personId)).filter((offer) => [forAll, forGroup].includes(offer));
    return { member: await givenTo(member), other: await givenTo(other) };
  }

  async function save(path: string, offer: string, switchSide: object = {}) {
    const body = { entitlements: [{ offer: 'FMS' }, { offer }], ...switchSide };
    return stage.caller.org<{ deleted: object[]; code?: string }>('PUT', `templates/${path}`, body);
  }

  const confirmed = { switchSide: { confirm: true } };

  it('R4 in union a new member gets what both templates grant', async () => {
    expect(await newcomers()).toEqual({ member: [forGroup, forAll], other: [forAll] });
  });

  it('R3 R6 changing to group-overrides-organization removes nothing, and the next member gets only what the group grants', async () => {
    await stage.change({ compositionMode: 'group-overrides-organization' });
    await expectUntouched(stage);
    expect(await newcomers()).toEqual({ member: [forGroup], other: [forAll] });
  });

  it('R2 R3 exclusive is refused while both kinds exist, and removes nothing once one kind is left', async () => {
    const exclusive = { compositionMode: 'exclusive' };
    expect((await stage.caller.org('PATCH', 'settings', exclusive)).status).toBe(409);
    const path = 'templates/organization?confirm=true';
    expect((await stage.caller.org('DELETE', path)).status).toBeLessThan(300);
    await stage.change(exclusive);
    await expectUntouched(stage);
    expect(await newcomers()).toEqual({ member: [forGroup], other: [] });
  });

  it('R2 R3 switching sides deletes the templates of groups, and removes nothing from anybody', async () => {
    expect((await save('organization', forAll)).body.code).toBe('composition-conflict');
    const switched = await save('organization', forAll, confirmed);
    expect(switched.body.deleted).toHaveLength(1);
    await expectUntouched(stage);
    // The group holds no template any more: leaving it changes nothing (R29).
    await stage.members(group, { remove: [members[0]!] });
    await expectUntouched(stage);
    expect(await newcomers()).toEqual({ member: [forAll], other: [forAll] });
  });

  it('R2 R3 R29 and back: the first sight of the group is no change, and its next member gets the group alone', async () => {
    const path = `groups/${group}`;
    expect((await save(path, forGroup)).body.code).toBe('composition-conflict');
    expect((await save(path, forGroup, confirmed)).body.deleted).toHaveLength(1);
    await expectUntouched(stage);
    expect(await newcomers()).toEqual({ member: [forGroup], other: [] });
  });

  it('R3 and back to union: nobody is taken anything, and nothing is left over', async () => {
    await stage.change({ compositionMode: 'union' });
    await expectUntouched(stage);
    await save('organization', forAll);
    await expectUntouched(stage);
    expect(await newcomers()).toEqual({ member: [forGroup, forAll], other: [forAll] });
    await expectNothingLeft(stage);
  });
});
