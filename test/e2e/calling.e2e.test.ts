import { parse } from 'csv-parse/sync';
import type { RolloutBody } from '../support/caller';
import { countsOf, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

interface Row {
  personId: string;
  outcome: string;
  activation: string | null;
  inform: boolean;
  changes: { operation: string; target: { offer: string }; calling?: Record<string, string> }[];
  blocked: { code: string; text: string; rule: string }[];
}

interface Summary {
  blockedBy: { code: string; users: number }[];
  features: { feature: string; gained: number; lost: number }[];
}

const people = { good: 3, none: 4, short: 5, taken: 6, extension: 7, twinA: 8, twinB: 9 };
type Who = keyof typeof people;

describe('a template that grants Calling', () => {
  let stage: Stage;
  let uppsala: string;
  let templateId: string;
  const idOf = (who: Who) => stage.world.simulator.simulator.organization.personId(people[who]);

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 30, seed: 9 } });
    const { organization } = stage.world.simulator.simulator;
    uppsala = String(organization.locations[0]!.body.id);
    await stage.control('PATCH', `licenses/${licenseOf('BCSTD')}`, { totalUnits: 100 });
    await number('+99977700001', null);
    await number('+99977700002', 'a workspace');
    await number('+99977700003', null);
    const work = (value: string) => ({ phoneNumbers: [{ type: 'work', value, primary: true }] });
    await change('good', { ...work('+99977700001'), status: 'pending', invitePending: true });
    await change('none', { phoneNumbers: null });
    await change('short', work('77700001'));
    await change('taken', work('+99977700002'));
    await change('extension', {
      phoneNumbers: null,
      extension: '4711',
      locationId: uppsala,
      loginEnabled: false,
      status: 'active',
      invitePending: false,
    });
    await change('twinA', work('+99977700003'));
    await change('twinB', work('+99977700003'));
    templateId = await stage.saveTemplate(['FMS', 'FTC', 'BCSTD', 'UCPREM']);
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  function licenseOf(offer: string): string {
    const { catalog } = stage.world.simulator.simulator.organization;
    for (let index = 0; ; index += 1) {
      const license = catalog.at(index);
      if (license.offer === offer) return license.id;
    }
  }
  const number = (value: string, ownerId: string | null) =>
    stage.control('PUT', 'numbers', { number: value, locationId: uppsala, ownerId });
  const change = (who: Who, fields: Record<string, unknown>) =>
    stage.control('PATCH', `people/${idOf(who)}`, { fields, immediate: true });

  function plan(more: Record<string, unknown> = {}): Promise<RolloutBody> {
    return stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      pilot: null,
      ...more,
    });
  }
  async function rows(rolloutId: string, query = ''): Promise<Map<string, Row>> {
    const path = `rollouts/${rolloutId}/users?limit=1000${query}`;
    const { body } = await stage.caller.org<{ items: Row[] }>('GET', path);
    return new Map(body.items.map((row) => [row.personId, row]));
  }
  async function report(rolloutId: string): Promise<Record<string, string>[]> {
    const { body } = await stage.caller.org<string>('GET', `rollouts/${rolloutId}/report.csv`);
    return parse(body, { bom: true, columns: true });
  }
  async function emailOf(who: Who): Promise<string> {
    const person = await stage.control<{ fields: { emails: string[] } }>(
      'GET',
      `people/${idOf(who)}`,
    );
    return person.fields.emails[0]!;
  }
  const holders = async (offer: string) =>
    [...(await stage.truth()).values()].filter(({ licenses }) =>
      licenses.includes(licenseOf(offer)),
    );

  it('R62 R63 R64 R69 adds it to users with a good number, and everything else to everybody', async () => {
    const planned = await plan();
    const { blockedBy, features } = planned.summary as unknown as Summary;
    const all = await rows(planned.rolloutId);
    const callingOf = (who: Who) =>
      all.get(idOf(who))?.changes.find(({ target }) => target.offer === 'BCSTD')?.calling;
    expect(callingOf('good')).toEqual({ locationId: uppsala, phoneNumber: '+99977700001' });
    expect(callingOf('extension')).toEqual({ locationId: uppsala, extension: '4711' });
    const causes = { none: 'no-number', short: 'bad-number', taken: 'bad-number' } as const;
    for (const [who, code] of Object.entries({
      ...causes,
      twinA: 'bad-number',
      twinB: 'bad-number',
    })) {
      const row = all.get(idOf(who as Who))!;
      expect([who, row.blocked]).toMatchObject([who, [{ code, rule: 'R64' }]]);
      expect(row.changes.map(({ target }) => target.offer)).toContain('UCPREM');
    }
    for (const { code, users } of blockedBy) {
      const listed = await rows(planned.rolloutId, `&blocked=${code}`);
      expect(listed.size).toBe(users);
    }
    expect(blockedBy.map(({ code }) => code)).toEqual(['bad-number', 'no-number']);
    expect(features.every(({ lost }) => lost === 0)).toBe(true);

    const done = await stage.carryOut(planned);
    expect(countsOf(done).failed).toBeUndefined();
    const persons = [...all.values()];
    expect(await holders('UCPREM')).toHaveLength(persons.length);
    const given = persons.filter(({ changes }) => changes.some(({ calling }) => calling));
    const held = (await holders('BCSTD')).map(({ personId }) => personId);
    expect(held.sort()).toEqual(given.map(({ personId }) => personId).sort());
    const { numbers } = stage.world.simulator.simulator.organization;
    expect(numbers.find('+99977700001')).toMatchObject({ ownerId: idOf('good') });
    expect(numbers.find('+99977700003')).toMatchObject({ ownerId: null });
  });

  it('R48 R51 R69 R82 reports users who activate later, blocked users with the reason, and users to inform', async () => {
    const { body } = await stage.caller.org<{ items: RolloutBody[] }>('GET', 'rollouts?limit=1');
    const { rolloutId } = body.items[0]!;
    const all = await rows(rolloutId);
    expect(all.get(idOf('good'))).toMatchObject({
      outcome: 'converged',
      activation: 'at-first-sign-in',
    });
    expect(all.get(idOf('extension'))).toMatchObject({ outcome: 'converged', activation: null });
    const lines = await report(rolloutId);
    const lineOf = async (who: Who) => {
      const email = await emailOf(who);
      return lines.find((line) => line['User ID/Email'] === email);
    };
    expect(await lineOf('good')).toMatchObject({
      Outcome: 'assigned, activates at first sign-in',
      'Blocked By': '',
    });
    expect(await lineOf('none')).toMatchObject({ Outcome: 'converged', 'Blocked By': 'no-number' });
    expect(await lineOf('taken')).toMatchObject({
      'Blocked By': 'bad-number',
      Blocked: expect.stringContaining('assigned to another user') as string,
    });
  });

  it('R66 R67 changes nobody who has it, and finds a number that was fixed', async () => {
    await number('+99977700004', null);
    const phoneNumbers = [{ type: 'work', value: '+99977700004', primary: true }];
    await change('short', { phoneNumbers });
    const planned = await plan();
    const changed = await rows(planned.rolloutId, '&changed=true');
    expect([...changed.keys()]).toEqual([idOf('short')]);
    await stage.carryOut(planned);
    const held = (await holders('BCSTD')).map(({ personId }) => personId);
    expect(held).toContain(idOf('short'));
    expect(held).toContain(idOf('good'));
  });

  it('R64 adds the rest if a number was assigned since the plan was made', async () => {
    await number('+99977700005', null);
    const phoneNumbers = [{ type: 'work', value: '+99977700005', primary: true }];
    await change('none', { phoneNumbers });
    await stage.control('PATCH', `licenses/${licenseOf('RTT')}`, { totalUnits: 100 });
    await stage.saveTemplate(['FMS', 'FTC', 'BCSTD', 'UCPREM', 'RTT']);
    const planned = await plan();
    expect((await rows(planned.rolloutId)).get(idOf('none'))!.blocked).toEqual([]);
    await number('+99977700005', 'a workspace');
    const done = await stage.carryOut(planned);
    expect(countsOf(done).failed).toBeUndefined();
    const blocked = await rows(planned.rolloutId, '&blocked=bad-number');
    expect(blocked.get(idOf('none'))).toMatchObject({
      outcome: 'converged',
      blocked: [{ code: 'bad-number', text: expect.stringContaining('already') as string }],
    });
    const { licenses } = (await stage.truth()).get(idOf('none'))!;
    expect(licenses).toContain(licenseOf('RTT'));
    expect(licenses).not.toContain(licenseOf('BCSTD'));
  });

  it('R68 removes it only if somebody has acknowledged that it is permanent', async () => {
    await stage.saveTemplate(['FMS', 'FTC', 'UCPREM']);
    const careless = await plan({ preserveLicenses: false });
    expect(careless.allowedActions).not.toContain('start');
    const refused = await stage.caller.act(careless.rolloutId, 'start', {
      digest: careless.digest,
    });
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.body)).toContain(await emailOf('good'));
    expect(await holders('BCSTD')).not.toHaveLength(0);
    const informed = await plan({ preserveLicenses: false, acknowledgeIrreversible: true });
    await stage.carryOut(informed);
    expect(await holders('BCSTD')).toHaveLength(0);
    const { numbers } = stage.world.simulator.simulator.organization;
    expect(numbers.find('+99977700001')).toMatchObject({ ownerId: null });
  });
});
