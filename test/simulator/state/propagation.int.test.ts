import { Propagation } from '../../../src/simulator/state/propagation';
import { settingsSchema, type SettingsInput } from '../../../src/simulator/state/settings';
import { callSimulator, type SimulatorCaller } from '../../support/simulator-caller';

const minute = 60_000;

describe('propagation', () => {
  let webex: SimulatorCaller;
  let personId: string;
  let rtt: string;
  let count = 0;
  const seen = async (): Promise<boolean> => {
    const person = await webex.get(`/v1/people/${personId}`);
    return (person.body as { licenses: string[] }).licenses.includes(rtt);
  };
  const write = (operation: string) =>
    webex.patch({ personId, licenses: [{ id: rtt, operation }] });
  const advance = (advanceMs: number) => webex.control('POST', 'clock', { advanceMs });
  const setDelay = (propagation: SettingsInput['propagation']) => webex.set({ propagation });

  beforeAll(async () => {
    webex = await callSimulator();
    rtt = await webex.license('RTT');
  });
  beforeEach(async () => {
    await setDelay({});
    personId = await webex.user(`late-${(count += 1)}`, ['FMS', 'FTM', 'FTC', 'FSS']);
  });
  afterAll(() => webex.close());

  it('R80a the answer shows the write at once, reads only after the delay', async () => {
    await setDelay({ delay: { mode: 'fixed', delayMs: 10 * minute } });
    const reply = await write('add');
    expect(reply.list('licenses')).toContain(rtt);
    expect(await seen()).toBe(false);
    await advance(9 * minute);
    expect(await seen()).toBe(false);
    await advance(minute + 1000);
    expect(await seen()).toBe(true);
  });

  it('R80 a day may pass', async () => {
    await setDelay({ delay: { mode: 'fixed', delayMs: 24 * 60 * minute } });
    await write('add');
    await advance(24 * 60 * minute - 1000);
    expect(await seen()).toBe(false);
    await advance(2000);
    expect(await seen()).toBe(true);
  });

  it('lets two reads in a row disagree where one replica is behind', async () => {
    const late = { delay: { mode: 'uniform', minMs: 0, maxMs: 60 * minute }, replicas: 2 } as const;
    await setDelay(late);
    const { propagation } = settingsSchema.parse({ propagation: late });
    const people = (await webex.get('/v1/people')).list('items').map((one) => String(one.id));
    const apart = (id: string): number => {
      const [first = 0, second = 0] = new Propagation(() => propagation).visibleAt(id, 0) ?? [];
      return Math.abs(first - second);
    };
    personId = people.find((id) => apart(id) > 25 * minute)!;
    await webex.control('PATCH', `people/${personId}`, { removeLicenses: [rtt], immediate: true });
    await write('add');
    const views = new Set<string>();
    for (let step = 0; step < 6; step += 1) {
      await advance(10 * minute);
      views.add(String((await Promise.all(Array.from({ length: 12 }, seen))).sort()));
    }
    expect([...views]).toContainEqual(expect.stringMatching(/false.*true/));
    expect(await seen()).toBe(true);
  });

  it('shows writes of one user in their order', async () => {
    await setDelay({ delay: { mode: 'fixed', delayMs: 60 * minute } });
    await write('add');
    await setDelay({ delay: { mode: 'fixed', delayMs: minute } });
    await write('remove');
    await advance(2 * minute);
    expect(await seen()).toBe(false);
    await advance(59 * minute);
    expect(await seen()).toBe(false);
    const truth = await webex.control('GET', `people/${personId}`);
    expect(truth.list('licenses')).not.toContain(rtt);
  });

  it('also delays license users, consumed units and memberships', async () => {
    await setDelay({ delay: { mode: 'fixed', delayMs: minute } });
    const group = await webex.call('POST', '/v1/groups', {
      displayName: 'G',
      members: [{ id: personId }],
    });
    const path = `/v1/groups/${group.text('id')}/members`;
    const users = async () =>
      (await webex.get(`/v1/licenses/${rtt}?includeAssignedTo=user`)).list('users').length;
    const consumed = async () =>
      ((await webex.get(`/v1/licenses/${rtt}`)).body as { consumedUnits: number }).consumedUnits;
    const before = [await users(), await consumed()] as const;
    await write('add');
    expect([await users(), await consumed()]).toEqual(before);
    expect((await webex.get(path)).list('members')).toHaveLength(0);
    await advance(minute + 1000);
    expect([await users(), await consumed()]).toEqual([before[0] + 1, before[1] + 1]);
    expect((await webex.get(path)).list('members')).toHaveLength(1);
    await webex.control('POST', `groups/${group.text('id')}/members`, { remove: [personId] });
    expect((await webex.get(path)).list('members')).toHaveLength(1);
    await advance(minute + 1000);
    expect((await webex.get(path)).list('members')).toHaveLength(0);
  });

  it('delays a named user differently', async () => {
    await setDelay({ delay: { mode: 'none' }, overrides: { [personId]: 5 * minute } });
    await write('add');
    expect(await seen()).toBe(false);
    await advance(6 * minute);
    expect(await seen()).toBe(true);
  });

  it('draws the same delays from the same seed', () => {
    const draws = (seed: number) => {
      const { propagation } = settingsSchema.parse({
        propagation: {
          delay: { mode: 'exponential', meanMs: minute, maxMs: 60 * minute },
          replicas: 3,
          seed,
        },
      });
      return ['a', 'b', 'c'].map((id) => new Propagation(() => propagation).visibleAt(id, 0));
    };
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });
});
