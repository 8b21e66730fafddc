import type { RolloutBody } from '../support/caller';
import { countsOf, noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

const site = 'aspen.example.webex.com';

describe('a rollout that needs units', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 30, seed: 9 } });
    const { status } = await stage.caller.org('PATCH', 'settings', { attendeeSites: [site] });
    expect(status).toBe(200);
  });
  beforeEach(() => stage.control('DELETE', 'writes'));
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  function licenseOf(offer: string, at: string | null = null): string {
    const { catalog } = stage.world.simulator.simulator.organization;
    for (let index = 0; ; index += 1) {
      const license = catalog.at(index);
      if (license.offer === offer && license.site === at) return license.id;
    }
  }

  async function plan(entitlements: unknown[], preserveLicenses: boolean): Promise<RolloutBody> {
    const saved = await stage.caller.org<{ template: { templateId: string } }>(
      'PUT',
      'templates/organization',
      { entitlements: [{ offer: 'FMS' }, { offer: 'FTC' }, ...entitlements] },
    );
    expect(saved.status).toBe(200);
    const { templateId } = saved.body.template;
    return stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses,
      pilot: null,
      guards: { failurePercent: 100, failureMin: 1_000 },
    });
  }

  async function setUnits(licenseId: string, totalUnits: number): Promise<void> {
    await stage.control('PATCH', `licenses/${licenseId}`, { totalUnits });
  }

  it('R46 writes users who free units before users who need them', async () => {
    const first = licenseOf('CJPPRM');
    const people = stage.world.simulator.simulator.organization;
    const [giver, taker] = [people.personId(3), people.personId(4)];
    await stage.control('PATCH', `people/${giver}`, { addLicenses: [first] });
    await setUnits(first, 1);
    const groups = await stage.caller.org<{ items: { groupId: string; isLocation: boolean }[] }>(
      'GET',
      'groups',
    );
    const [group] = groups.body.items.filter(({ isLocation }) => !isLocation);
    await stage.control('POST', `groups/${group!.groupId}/members`, {
      add: [taker],
      remove: [giver],
    });
    await stage.caller.org('PATCH', 'settings', { compositionMode: 'union' });
    const template = await stage.caller.org('PUT', `templates/groups/${group!.groupId}`, {
      entitlements: [{ offer: 'CJPPRM' }],
    });
    expect(template.status).toBe(201);
    const planned = await plan([], false);
    const rows = await stage.users(planned.rolloutId);
    const rowOf = (id: string) => rows.find(({ personId }) => personId === id);
    expect(rowOf(giver)).toMatchObject({ outcome: 'planned' });
    const done = await stage.carryOut(planned);
    const truth = await stage.truth();
    expect(truth.get(giver)!.licenses).not.toContain(first);
    const takers = rows.filter(({ changes }) =>
      changes.some(({ operation, target }) => operation === 'add' && target.licenseId === first),
    );
    const served = takers.filter(({ personId }) => truth.get(personId)!.licenses.includes(first));
    expect(served).toHaveLength(1);
    expect(served[0]!.step).toBeGreaterThan(rowOf(giver)!.step!);
    expect(countsOf(done).failed).toBeUndefined();
    const removed = await stage.caller.org(
      'DELETE',
      `templates/groups/${group!.groupId}?confirm=true`,
    );
    expect(removed.status).toBeLessThan(300);
    await stage.caller.org('PATCH', 'settings', { compositionMode: 'exclusive' });
  });

  it('R46 lets those wait for whom no unit was left when they were written', async () => {
    const planned = await plan([{ offer: 'RTT' }], true);
    const rows = await stage.users(planned.rolloutId);
    const willGet = rows.filter(({ outcome }) => outcome === 'planned').length;
    expect(willGet).toBeGreaterThan(4);
    await setUnits(licenseOf('RTT'), 4);
    const done = await stage.carryOut(planned);
    expect(countsOf(done)).toMatchObject({ converged: 4 });
    const waited = countsOf(planned)['waiting-for-seat'] ?? 0;
    expect(countsOf(done)['waiting-for-seat']).toBe(waited + rows.length - 4);
    const truth = [...(await stage.truth()).values()];
    const holders = truth.filter(({ licenses }) => licenses.includes(licenseOf('RTT')));
    expect(holders).toHaveLength(4);
  });

  it('R46 adds the rest if Webex refuses a whole write because no unit is left', async () => {
    const planned = await plan([{ offer: 'CF' }, { offer: 'UCPREM' }], true);
    const starved = (await stage.users(planned.rolloutId)).filter(({ changes }) =>
      changes.some(({ operation, target }) => operation === 'add' && target.offer === 'CF'),
    );
    expect(starved.length).toBeGreaterThan(4);
    await setUnits(licenseOf('CF'), 0);
    await stage.simulate({ ...noFaults, overage: 'reject' });
    const done = await stage.carryOut(planned);
    await stage.simulate({ ...noFaults, overage: 'partial206' });
    expect(countsOf(done).failed).toBeUndefined();
    expect(countsOf(done)['waiting-for-seat']).toBe(starved.length);
    const truth = await stage.truth();
    for (const { personId } of starved) {
      const { licenses } = truth.get(personId)!;
      expect(licenses).toContain(licenseOf('UCPREM'));
      expect(licenses).not.toContain(licenseOf('CF'));
    }
  });

  it('R40 leaves nobody with neither host nor attendee when units ran out in between', async () => {
    const attending = await stage.carryOut(
      await plan([{ offer: 'EE', site, accountType: 'attendee' }], false),
    );
    expect(countsOf(attending).converged).toBeGreaterThan(10);

    const host = licenseOf('EE', site);
    const planned = await plan([{ offer: 'EE', site, accountType: 'host' }], true);
    const users = await stage.users(planned.rolloutId);
    expect(users.length).toBeGreaterThan(10);
    await setUnits(host, 5);
    const done = await stage.carryOut(planned);
    const truth = await stage.truth();
    for (const { personId } of users) {
      const { attendeeSites, hostSites } = truth.get(personId)!;
      expect([attendeeSites.includes(site), hostSites.includes(site)].filter(Boolean)).toHaveLength(
        1,
      );
    }
    const hosts = [...truth.values()].filter(({ hostSites }) => hostSites.includes(site));
    expect(hosts).toHaveLength(5);
    expect(countsOf(done)['waiting-for-seat']).toBe(users.length - 5);
    const { rows } = await stage.world.database.db.$client.query(
      `SELECT 1 FROM rollout_user WHERE rollout_id = $1 AND put_back IS NOT NULL`,
      [done.rolloutId],
    );
    expect(rows).toEqual([]);
  });

  it('R80 asks by one repeated write where no read shows attendee accounts', async () => {
    await stage.simulate({ siteUrls: 'never' });
    const planned = await plan([{ offer: 'EE', site, accountType: 'attendee' }], false);
    const users = await stage.users(planned.rolloutId);
    const done = await stage.carryOut(planned);
    expect(countsOf(done).converged).toBe(users.length);
    const truth = await stage.truth();
    for (const { personId } of users) {
      expect(truth.get(personId)).toMatchObject({ attendeeSites: [site], hostSites: [] });
    }
  });
});
