import { explained } from '../support/aftermath';
import { withoutAdding, type Bend } from '../support/bent-webex';
import { countsOf } from '../support/stage';
import { addPeople, WatchStage } from '../support/watch-stage';

const names = Array.from({ length: 10 }, (_, n) => `seller-${n}`);
const [old, wanted] = ['UCPREM', 'RTT'];

/** With the setting off, a user who changes groups loses one license and gets another, automatically. */
describe('a move between groups of which Webex does only one half', () => {
  let stage: WatchStage;
  let people: string[];
  let sales: string;
  let support: string;

  beforeAll(async () => {
    stage = await WatchStage.open(
      { simulator: { users: 20, seed: 5 }, bend: [] },
      undefined,
      async (world) => {
        people = await addPeople(world, names);
      },
    );
    await stage.makePlenty(old, wanted);
    sales = await stage.addGroup('Sales');
    support = await stage.addGroup('Support');
    await stage.saveTemplate(sales, ['FMS', old]);
    await stage.saveTemplate(support, ['FMS', wanted]);
    await stage.look();
    await stage.change({ preserveOnGroupTransition: false });
    await stage.members(sales, { add: people });
    await stage.lookAndReconcile();
    expect(await holding(old)).toEqual(people);
  });
  afterAll(() => stage.close());

  async function holding(offer: string): Promise<string[]> {
    const held = await Promise.all(people.map((one) => stage.offersOf(one)));
    return people.filter((_, n) => held[n]!.includes(offer));
  }

  async function move(movers: readonly string[]): Promise<string[]> {
    const before = new Set((await stage.rollouts()).map(({ rolloutId }) => rolloutId));
    await stage.members(sales, { remove: [...movers] });
    await stage.members(support, { add: [...movers] });
    await stage.look();
    const opened = (await stage.rollouts()).filter(({ rolloutId }) => !before.has(rolloutId));
    return opened.map(({ rolloutId }) => rolloutId);
  }

  const acts = async (personId: string, rolloutId: string) => {
    const { ledger } = await explained(stage, personId);
    return ledger
      .filter(({ rollout }) => rollout.includes(rolloutId))
      .map(({ operation, change }) => `${operation} ${change.target.offer}`)
      .sort();
  };

  const refusing = (more: Partial<Bend> = {}): Bend => ({
    call: 'PATCH /licenses/users',
    askBody: withoutAdding(stage.licenseOf(wanted)),
    status: 206,
    ...more,
  });

  it('R95 R29 puts back what one user lost, and says that the user failed', async () => {
    stage.world.bent!.set(refusing());
    const [mover] = people;
    const [rolloutId] = await move([mover!]);
    const ended = await stage.caller.until(rolloutId!, ({ phase }) => phase === 'completed');
    expect(countsOf(ended)).toEqual({ failed: 1 });
    expect(await acts(mover!, rolloutId!)).toEqual([`add ${old}`, `remove ${old}`]);
    expect(await holding(old)).toEqual(people);
    expect(await holding(wanted)).toEqual([]);
  });

  it('R95 R96 halts where everybody is refused, and nobody is left with neither', async () => {
    const [rolloutId] = await move(people.slice(1, 6));
    const halted = await stage.caller.until(rolloutId!, ({ phase }) => phase === 'halted');
    expect(countsOf(halted).failed).toBeGreaterThan(0);
    expect(await holding(old)).toEqual(people);
    const written = await Promise.all(people.map((one) => acts(one, rolloutId!)));
    expect(new Set(written.flat())).toEqual(new Set([`add ${old}`, `remove ${old}`]));
  });
});
