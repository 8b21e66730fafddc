import type { RolloutBody } from '../support/caller';
import { countsOf, effectsByPerson, type PlannedRow } from '../support/stage';
import { expectNothingLeft, explained, writesAfter } from '../support/aftermath';
import { WatchStage } from '../support/watch-stage';

const site = 'aspen.example.webex.com';
const free = ['FMS', 'FSS', 'FTC', 'FTM'];
/** The template doesn't grant it: with preserve off it goes, together with what comes. */
const byHand = 'CJPPRM';

describe('a shortage, and what becomes of those who wait when it ends', () => {
  let stage: WatchStage;
  let people: string[];
  let guests: string;
  /** Those for whom there was no unit, in order of service. */
  let order: string[];

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 24, seed: 9 } });
    await stage.change({ attendeeSites: [site] });
    await stage.makePlenty(byHand);
    const truth = [...(await stage.stage.truth()).values()];
    people = truth.filter(({ exists }) => exists).map(({ personId }) => personId);
  });
  afterAll(() => stage.close());

  /** Everybody holds the free licenses and one that somebody gave by hand. */
  async function level(): Promise<void> {
    const licenses = [...free, byHand].map((offer) => stage.licenseOf(offer));
    for (const personId of people) {
      const change = { licenses, attendeeSites: [], immediate: true };
      await stage.stage.control('PATCH', `people/${personId}`, change);
    }
  }

  /** Rolls out to everybody, preserve off; returns the rows in order of service. */
  async function rollOut(entitlements: (string | object)[]) {
    const templateId = await stage.saveTemplate(null, ['FMS', 'FTC', ...entitlements]);
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      pilot: null,
    });
    await stage.caller.start(planned);
    const done = await stage.caller.until(planned.rolloutId, ({ phase }) => phase === 'completed');
    const path = `rollouts/${done.rolloutId}/users?limit=1000`;
    const { body } = await stage.caller.org<{ items: PlannedRow[] }>('GET', path);
    return { done, rows: body.items.sort((one, other) => one.seq - other.seq) };
  }

  async function setUnits(licenseId: string, totalUnits: number): Promise<void> {
    await stage.stage.control('PATCH', `licenses/${licenseId}`, { totalUnits });
  }

  async function takeByHand(licenseId: string, ...from: string[]): Promise<void> {
    for (const personId of from) {
      const change = { removeLicenses: [licenseId], immediate: true };
      await stage.stage.control('PATCH', `people/${personId}`, change);
    }
  }

  /** Which of the two each user holds, in the order of `people`. */
  async function holders(licenseId: string): Promise<string[]> {
    const truth = await stage.stage.truth();
    return people.filter((personId) => truth.get(personId)!.licenses.includes(licenseId)).sort();
  }

  /** One rollout of the watch serves just these: each written once, and all that had waited came. */
  async function expectServed(served: string[], given: string): Promise<RolloutBody> {
    const before = { writes: writesAfter(stage).length, holders: await holders(given) };
    const opened = await stage.lookAndReconcile();
    expect(opened).toMatchObject([{ phase: 'completed' }]);
    expect(countsOf(opened[0]!)).toEqual({ converged: served.length });
    expect(await holders(given)).toEqual([...before.holders, ...served].sort());
    const effects = effectsByPerson(writesAfter(stage, before.writes));
    expect(Object.fromEntries(effects)).toEqual(Object.fromEntries(served.map((id) => [id, 1])));
    const stillByHand = await holders(stage.licenseOf(byHand));
    expect(stillByHand.filter((personId) => served.includes(personId))).toEqual([]);
    return opened[0]!;
  }

  /** The user's page tells how the wait ended, and the row that had waited names what took it up. */
  async function expectToldOf(personId: string, waited: RolloutBody, served: RolloutBody) {
    const user = await explained(stage, personId);
    const isOf = ({ rolloutId }: RolloutBody) => expect.stringContaining(rolloutId) as string;
    expect(user.openRows).toEqual([]);
    expect(user.reactions[0]).toMatchObject({
      mode: 'waiting',
      causes: [{ kind: 'units-free', rule: 'R46' }],
      rollout: isOf(served),
    });
    expect(user.rollouts.slice(0, 2)).toMatchObject([
      { outcome: 'converged', rollout: isOf(served), takenUpBy: null },
      { rollout: isOf(waited), takenUpBy: isOf(served) },
    ]);
    const path = `rollouts/${waited.rolloutId}/users?limit=1000`;
    const { body } = await stage.caller.org<{ items: object[] }>('GET', path);
    expect(body.items).toContainEqual(
      expect.objectContaining({ personId, takenUpBy: isOf(served) }),
    );
    return user;
  }

  it('R46 serves as many users as units are free, in order of service, and writes what waited with them', async () => {
    await level();
    const license = stage.licenseOf('RTT');
    await setUnits(license, 8);
    const { done, rows } = await rollOut(['RTT']);
    const waiting = rows.filter(({ outcome }) => outcome === 'waiting-for-seat');
    order = waiting.map(({ personId }) => personId);
    const first = rows.filter(({ outcome }) => outcome === 'converged');
    expect(first.length).toBe(8);
    expect(order.length).toBe(rows.length - 8);
    // The removals of those who wait have waited with their additions.
    expect(await holders(stage.licenseOf(byHand))).toEqual([...order].sort());
    expect(await stage.lookAndReconcile()).toEqual([]);

    await takeByHand(license, ...first.slice(0, 2).map(({ personId }) => personId));
    const two = await expectServed(order.slice(0, 2), license);
    const { ledger } = await expectToldOf(order[0]!, done, two);
    const entries = ledger.filter(({ rollout }) => rollout.includes(two.rolloutId));
    expect(entries.map((one) => `${one.operation} ${one.change.target.offer}`).sort()).toEqual([
      'add RTT',
      `remove ${byHand}`,
    ]);
    const next = await explained(stage, order[2]!);
    expect(next.reactions).toEqual([]);
    expect(next.openRows).toMatchObject([{ state: 'waiting-for-unit', pending: 'unit' }]);
    expect(await stage.lookAndReconcile()).toEqual([]);

    await setUnits(license, 11);
    await expectToldOf(order[4]!, done, await expectServed(order.slice(2, 5), license));
    expect(await stage.lookAndReconcile()).toEqual([]);
  });

  it('R46 R15 a newcomer and one who waits come upon one unit: it is given once, and nobody is forgotten', async () => {
    const license = stage.licenseOf('RTT');
    const newcomer = await stage.addPerson('newcomer-in-need');
    people.push(newcomer);
    await setUnits(license, 12);
    expect(await stage.lookAndReconcile()).toMatchObject([{ phase: 'completed' }]);
    const held = await holders(license);
    expect(held.filter((personId) => [newcomer, order[5]].includes(personId))).toHaveLength(1);
    const left = [newcomer, ...order].filter((personId) => !held.includes(personId));
    expect(await stage.lookAndReconcile()).toEqual([]);

    await setUnits(license, 1_000);
    await expectServed(left, license);
    expect(await stage.lookAndReconcile()).toEqual([]);
  });

  it('R36 R40 users who are attendee meanwhile become host when a unit is free, in one call, and nobody is ever neither', async () => {
    const license = stage.licenseOf('EE', site);
    guests = await stage.addGroup('Guests');
    await stage.members(guests, { add: people });
    await level();
    await setUnits(license, 5);
    await stage.saveTemplate(guests, [{ offer: 'EE', site, accountType: 'attendee' }]);
    const host = { offer: 'EE', site, accountType: 'host' };
    const { done, rows } = await rollOut(['RTT', host]);
    const hosts = await holders(license);
    expect(hosts).toHaveLength(5);
    const pending = rows.filter(({ personId }) => !hosts.includes(personId));
    expect(countsOf(done)['host-pending']).toBe(pending.length);
    order = pending.map(({ personId }) => personId);
    await expectOneAccountEach(order);

    await takeByHand(license, hosts[0]!);
    const one = await expectServed(order.slice(0, 1), license);
    await expectToldOf(order[0]!, done, one);
    const waits = await explained(stage, order[1]!);
    expect(waits.openRows).toMatchObject([{ state: 'waiting-for-unit', pending: 'host' }]);
    await expectOneAccountEach(order);

    await setUnits(license, 8);
    await expectToldOf(order[3]!, done, await expectServed(order.slice(1, 4), license));
    await expectOneAccountEach(order);
    expect(await stage.lookAndReconcile()).toEqual([]);
  });

  it('R37 R36 a newcomer is attendee at least, and host when there are units for all', async () => {
    const newcomer = await stage.addPerson('newcomer-guest');
    people.push(newcomer);
    await stage.members(guests, { add: [newcomer] });
    const [reaction] = await stage.lookAndReconcile();
    expect(countsOf(reaction!)).toEqual({ 'host-pending': 1 });
    const license = stage.licenseOf('EE', site);
    expect(await holders(license)).not.toContain(newcomer);
    await expectOneAccountEach([newcomer]);

    await setUnits(license, 1_000);
    await expectServed([...order.slice(4), newcomer], license);
    await expectOneAccountEach([...order, newcomer]);
    expect(await stage.lookAndReconcile()).toEqual([]);
  });

  async function expectOneAccountEach(personIds: string[]): Promise<void> {
    const truth = await stage.stage.truth();
    const accounts = personIds.map((personId) => {
      const { hostSites, attendeeSites } = truth.get(personId)!;
      return [...hostSites, ...attendeeSites];
    });
    expect(accounts).toEqual(personIds.map(() => [site]));
  }

  it('R46 leaves nobody waiting and nothing running', () => expectNothingLeft(stage));
});
