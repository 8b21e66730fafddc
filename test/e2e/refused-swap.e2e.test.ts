import { explained } from '../support/aftermath';
import { withoutAdding } from '../support/bent-webex';
import { countsOf } from '../support/stage';
import { WatchStage } from '../support/watch-stage';

/** A template takes one license and gives another, and Webex refuses to give the other to anybody. */
describe('a swap of which Webex does only one half', () => {
  const [old, wanted] = ['UCPREM', 'RTT'];
  let stage: WatchStage;
  let sales: string;
  let members: string[];

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 30, seed: 11 }, bend: [] });
    await stage.makePlenty(old, wanted);
    await stage.change({ preserveOnGroupTransition: false });
    members = [];
    for (let n = 0; n < 12; n += 1) members.push(await stage.addPerson(`seller${n}`));
    sales = await stage.addGroup('Sales');
    await stage.members(sales, { add: members });
    await stage.look();
    await carryOut(await stage.saveTemplate(sales, [old]));
    expect(await holding(old)).toEqual(members);
    stage.world.bent!.set({
      call: 'PATCH /licenses/users',
      askBody: withoutAdding(stage.licenseOf(wanted)),
      status: 206,
    });
  });
  afterAll(() => stage.close());

  const plan = (templateId: string, pilot: object | null) =>
    stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      gates: 'automatic',
      pilot,
    });

  async function carryOut(templateId: string): Promise<void> {
    const planned = await plan(templateId, null);
    await stage.caller.start(planned);
    await stage.caller.until(planned.rolloutId, ({ phase }) => phase === 'completed');
  }

  async function holding(offer: string): Promise<string[]> {
    const held = await Promise.all(members.map((one) => stage.offersOf(one)));
    return members.filter((_, n) => held[n]!.includes(offer));
  }

  const acts = async (personId: string, rolloutId: string) => {
    const { ledger } = await explained(stage, personId);
    return ledger
      .filter(({ rollout }) => rollout.includes(rolloutId))
      .map(({ operation, change }) => `${operation} ${change.target.offer}`)
      .sort();
  };

  it('R95 R96 halts in its pilot, and nobody has lost anything', async () => {
    const planned = await plan(await stage.saveTemplate(sales, [wanted]), {
      sample: { count: 6 },
    });
    const { rolloutId } = planned;
    await stage.caller.start(planned);
    const halted = await stage.caller.until(rolloutId, ({ phase }) => phase === 'halted');
    expect(halted.waitingFor).toContain('4 of 4 users failed, and at most 3 may');
    expect(countsOf(halted)).toMatchObject({ failed: 4, planned: members.length - 4 });
    expect(await holding(old)).toEqual(members);
    expect(await holding(wanted)).toEqual([]);
    const ledgers = await Promise.all(members.map((one) => acts(one, rolloutId)));
    const written = ledgers.filter((one) => one.length > 0);
    expect(written).toHaveLength(4);
    expect(new Set(written.flat())).toEqual(new Set([`add ${old}`, `remove ${old}`]));

    await stage.caller.act(rolloutId, 'abort');
    const ended = await stage.caller.until(rolloutId, ({ phase }) => phase === 'aborted');
    expect(countsOf(ended)).toEqual({ failed: 4, withheld: members.length - 4 });
    expect(await holding(old)).toEqual(members);
  });

  it('R95 costs a user nothing who moves into another group either', async () => {
    const support = await stage.addGroup('Support');
    await stage.saveTemplate(support, [wanted]);
    await stage.look();
    const [mover] = members;
    await stage.members(sales, { remove: [mover!] });
    await stage.members(support, { add: [mover!] });
    const [rollout] = await stage.lookAndReconcile();
    expect(countsOf(rollout!)).toEqual({ failed: 1 });
    expect(await holding(old)).toEqual(members);
    // The license that was granted before the move is preserved: only the addition is asked for.
    expect(await acts(mover!, rollout!.rolloutId)).toEqual([]);
  });
});
