import { setTimeout as delay } from 'node:timers/promises';
import type { SettingsInput } from '../../src/simulator/state/settings';
import { Caller, type RolloutBody } from '../support/caller';
import { closeRuntime, startWorld, type World } from '../support/world';

const waitMs = 120_000;

interface Warned {
  summary: { warnings: { code: string; text: string; rule: string }[] };
}

describe('planning from groups', () => {
  let world: World;
  let caller: Caller;
  let people: string[];

  beforeAll(async () => {
    world = await startWorld({ simulator: { users: 40, seed: 7 } });
    caller = new Caller(world);
    await expectSaved('PATCH', 'settings', { compositionMode: 'union' });
    const listed = await webex<{ items: { id: string }[] }>('GET', 'v1/people?max=40');
    people = listed.items.map(({ id }) => id);
  });
  afterEach(() => simulate({ shortMemberLists: {} }));
  afterAll(async () => {
    await world.close();
    await closeRuntime();
  });

  async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${world.simulator.url}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${world.simulator.adminToken}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }
  const webex = ask;
  const control = (method: string, path: string, body?: unknown) =>
    ask(method, `_simulator/${path}`, body);
  const simulate = (settings: SettingsInput) => control('PUT', 'settings', settings);

  async function expectSaved(method: string, path: string, body: unknown): Promise<void> {
    const saved = await caller.org(method, path, body);
    if (saved.status >= 300) throw new Error(JSON.stringify(saved.body));
  }

  /** A group with these of the users, known to Seatwise, with a template of its own. */
  async function aTemplatedGroup(displayName: string, members: string[]) {
    const { id } = await webex<{ id: string }>('POST', 'v1/groups', {
      displayName,
      members: members.map((member) => ({ id: member })),
    });
    await until(async () => {
      // A read that began before the group was made is joined by this request: then it is made again.
      await caller.org('POST', 'observe');
      const { body } = await caller.org<{ items: { groupId: string }[] }>(
        'GET',
        'groups?limit=1000',
      );
      return body.items.some(({ groupId }) => groupId === id);
    });
    const address = `templates/groups/${id}`;
    await expectSaved('PUT', address, { entitlements: [{ offer: 'FMS' }, { offer: 'UCPREM' }] });
    const { body } = await caller.org<{ templateId: string }>('GET', address);
    return { id, templateId: body.templateId };
  }

  const plan = (templateId: string): Promise<RolloutBody> =>
    caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      pilot: null,
    });

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const endAt = Date.now() + waitMs;
    while (!(await condition())) {
      if (Date.now() > endAt) throw new Error('Not in time');
      await delay(200);
    }
  }

  async function membersKept(groupId: string): Promise<number> {
    const { rows } = await world.database.db.$client.query<{ count: number }>(
      'SELECT count(*)::int FROM directory_member WHERE group_id = $1',
      [groupId],
    );
    return rows[0]!.count;
  }

  it('R33 R87 stops with the figures when a part of the members is missing', async () => {
    const { id, templateId } = await aTemplatedGroup('Sales', people.slice(0, 12));
    const whole = await plan(templateId);
    expect(whole).toMatchObject({ phase: 'planned', summary: { usersInScope: 12 } });

    await simulate({ shortMemberLists: { [id]: { shown: 2, admits: true } } });
    const partial = await plan(templateId);
    expect(partial.phase).toBe('failed');
    expect(partial.phaseReason).toContain('Group "Sales": only 2 of 12 members could be read');
    expect(await membersKept(id)).toBe(12);
    await simulate({ shortMemberLists: {} });
  });

  it('R33 R88 plans for those who are missing too, with both figures, until somebody accepts the drop', async () => {
    const { id, templateId } = await aTemplatedGroup('Service', people.slice(0, 12));
    expect((await plan(templateId)).summary?.usersInScope).toBe(12);
    await control('POST', `groups/${id}/members`, { remove: people.slice(2, 12) });
    const shrunk = await plan(templateId);
    expect(shrunk).toMatchObject({ phase: 'planned', summary: { usersInScope: 12 } });
    expect((shrunk as unknown as Warned).summary.warnings).toContainEqual(
      expect.objectContaining({
        code: 'list-refused',
        text: expect.stringContaining(
          'The list of members of the group "Service" shows 2 entries, and 10 of the 12 before are missing.',
        ) as string,
      }),
    );
    expect(await membersKept(id)).toBe(12);

    await expectSaved('POST', 'observe', { acceptMemberDrops: true });
    await until(async () => (await membersKept(id)) === 2);
    const accepted = await plan(templateId);
    expect(accepted).toMatchObject({ phase: 'planned', summary: { usersInScope: 2 } });
    const audit = await caller.org<{ items: { action: string; details: unknown }[] }>(
      'GET',
      'audit-events?limit=100',
    );
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({
        action: 'directory.drop-accepted',
        actor: 'tester',
        details: { before: 12, now: 2 },
      }),
    );
  });

  it('R10 covers direct members, and those of groups inside where the settings say so', async () => {
    const outer = await aTemplatedGroup('Everyone abroad', people.slice(12, 15));
    const inner = await webex<{ id: string }>('POST', 'v1/groups', {
      displayName: 'Berlin crew',
      members: people.slice(15, 19).map((id) => ({ id })),
    });
    await control('POST', `groups/${outer.id}/members`, { add: [inner.id] });
    await control('POST', `groups/${inner.id}/members`, { add: [outer.id] });
    expect((await plan(outer.templateId)).summary?.usersInScope).toBe(3);

    await expectSaved('PATCH', 'settings', { includeParentGroups: true });
    expect((await plan(outer.templateId)).summary?.usersInScope).toBe(7);
    await expectSaved('PATCH', 'settings', { includeParentGroups: false });
    expect((await plan(outer.templateId)).summary?.usersInScope).toBe(3);
  });

  it('R33 removes nothing from the members of a group that has vanished, and warns about it', async () => {
    const { id, templateId } = await aTemplatedGroup('Passing fancy', people.slice(20, 26));
    expect((await plan(templateId)).summary?.removals).toBeGreaterThan(0);
    await control('DELETE', `groups/${id}`);

    const vanished = await plan(templateId);
    expect(vanished.phase).toBe('planned');
    expect(vanished.summary).toMatchObject({ removals: 0, usersInScope: 6 });
    const { warnings } = (vanished as unknown as Warned).summary;
    expect(warnings).toContainEqual({
      code: 'group-vanished',
      text: expect.stringContaining('"Passing fancy"') as unknown,
      rule: 'R33',
    });
    // What reads don't show still counts until the watch believes that it was deleted (R89).
    const saved = await caller.org('PUT', `templates/groups/${id}`, { entitlements: [] });
    expect(saved.status).toBe(200);
  });
});
