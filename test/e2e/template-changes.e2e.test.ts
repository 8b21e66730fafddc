import { startUpdate } from '../../src/contract/messages';
import type { RolloutBody } from '../support/caller';
import { countsOf, expectEachOnce, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

const given = 'UCPREM';
const everybody = ['FMS', 'FTC'].map((offer) => ({ offer }));

/** What tests look at beyond what all rollouts show. */
interface Shown extends RolloutBody {
  restoreWith: Record<string, unknown> | null;
  refusedActions: Record<string, string>;
  feedback: { good: number; bad: number; latest: { text: string }[] };
  summary: RolloutBody['summary'] & { warnings: { code: string; rule: string; text: string }[] };
}

describe('what an administrator changes about templates', () => {
  let stage: Stage;
  let group: string;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 40, seed: 7 } });
    const groups = await stage.caller.org<{
      items: { groupId: string; isLocation: boolean; memberSize: number }[];
    }>('GET', 'groups');
    group = groups.body.items.find((one) => !one.isLocation && one.memberSize > 0)!.groupId;
  });
  beforeEach(() => stage.control('DELETE', 'writes'));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  const asked: Stage['caller']['org'] = (...request) => stage.caller.org(...request);

  async function planned(rolloutId: string): Promise<Shown> {
    const found = await stage.caller.until(rolloutId, ({ phase }) => phase !== 'planning');
    expect(found.phase).toBe('planned');
    return found as Shown;
  }

  async function holdings(): Promise<Map<string, string[]>> {
    const truth = await stage.truth();
    return new Map(
      [...truth].map(([id, { licenses, hostSites, attendeeSites }]) => [
        id,
        [...licenses, ...hostSites, ...attendeeSites].sort(),
      ]),
    );
  }

  async function give(): Promise<void> {
    const templateId = await stage.saveTemplate(['FMS', 'FTC', given]);
    const change = { kind: 'template', templateId };
    const rollout = await stage.caller.plan({ change, existingUsers: true, pilot: null });
    await stage.carryOut(rollout);
    await stage.control('DELETE', 'writes');
  }

  it('R16 a preview shows what would be done, and nobody can start it', async () => {
    const created = await asked<Shown>('POST', 'templates/organization/preview', {
      entitlements: [...everybody, { offer: given }],
      existingUsers: true,
    });
    expect(created.status).toBe(202);
    const { rolloutId } = created.body;
    const preview = await planned(rolloutId);
    expect(preview.summary.planned).toBeGreaterThan(0);
    expect(preview.waitingFor).toBe('discard');
    expect(preview.allowedActions).toContain('discard');
    expect(preview.refusedActions.start).toContain('Save the template');

    const { digest, phaseVersion } = preview;
    const refused = await stage.caller.act(rolloutId, 'start', { digest });
    expect(refused).toMatchObject({ status: 409, body: { code: 'action-not-allowed' } });
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    const start = { actor: { name: 'past the API', role: 'admin' }, reason: '', digest };
    const args: [never] = [{ ...start, expectedPhaseVersion: phaseVersion } as never];
    await expect(handle.executeUpdate(startUpdate, { args })).rejects.toMatchObject({
      cause: { type: 'ActionNotAllowed' },
    });

    expect((await stage.caller.act(rolloutId, 'discard')).status).toBe(200);
    expect((await stage.caller.rollout(rolloutId)).phase).toBe('discarded');
    expect(stage.writes).toEqual([]);
  });

  it('R10 R17 a preview for a group without a template reaches its direct members', async () => {
    await asked('PATCH', 'settings', { compositionMode: 'union' });
    const created = await asked<Shown>('POST', `templates/groups/${group}/preview`, {
      entitlements: [...everybody, { offer: given }],
      existingUsers: true,
    });
    const preview = await planned(created.body.rolloutId);
    expect(preview.summary.usersInScope).toBeGreaterThan(0);
    await stage.caller.act(preview.rolloutId, 'discard');
    await asked('PATCH', 'settings', { compositionMode: 'exclusive' });
  });

  it('R54 R58 R59 R59a R81 turns services off, and adds exactly these again with one request', async () => {
    const before = await holdings();
    const off = await stage.caller.plan({
      change: {
        kind: 'remove-services',
        services: ['messaging', 'calling'],
        from: { organization: true },
      },
      pilot: null,
    });
    const warnings = (off as Shown).summary.warnings.map(({ rule }) => rule);
    expect(warnings).toEqual(expect.arrayContaining(['R59a', 'R84']));
    expect((off as Shown).restoreWith).toBeNull();
    const done = (await stage.carryOut(off)) as Shown;
    expectEachOnce(await stage.users(off.rolloutId), stage.writes);
    expect(await holdings()).not.toEqual(before);

    await stage.control('DELETE', 'writes');
    const back = await stage.caller.plan(done.restoreWith!);
    expect((back as Shown).summary.warnings.map(({ rule }) => rule)).toContain('R81');
    await stage.caller.start(back);
    await stage.caller.until(back.rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    await stage.caller.act(back.rolloutId, 'promote');
    await stage.caller.until(back.rolloutId, ({ phase }) => phase === 'completed');
    expectEachOnce(await stage.users(back.rolloutId), stage.writes);
    expect(await holdings()).toEqual(before);

    const again = await stage.caller.plan({ ...done.restoreWith!, reason: 'once more' });
    expect(again.summary!.planned).toBe(0);
    await stage.caller.act(again.rolloutId, 'discard');
  });

  it('R30 keeps a template whose end was discarded before the promotion', async () => {
    await give();
    const path = 'templates/organization?preserve=false&confirm=true';
    const first = await asked<Shown>('DELETE', path);
    await planned(first.body.rolloutId);
    await stage.caller.act(first.body.rolloutId, 'discard');
    expect((await asked('GET', 'templates/organization')).body).toMatchObject({
      endingRollout: null,
    });

    const second = await asked<Shown>('DELETE', path);
    expect(second.status).toBe(202);
    const ending = await planned(second.body.rolloutId);
    await stage.caller.start(ending);
    await stage.caller.until(ending.rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    await stage.caller.act(ending.rolloutId, 'abort', { reason: 'wrong' });
    const template = await asked('GET', 'templates/organization');
    expect(template.body).toMatchObject({ inForce: expect.anything(), endingRollout: null });
  });

  it('R30 R31a R85 ends it once promoted, after the feedback of the pilot, and removes what it added', async () => {
    await give();
    const before = await holdings();
    const asking = await asked<{ usersLicensed: number }>(
      'DELETE',
      'templates/organization?preserve=false',
    );
    expect(asking).toMatchObject({ status: 409, body: { code: 'confirmation-required' } });
    const created = await asked<Shown>(
      'DELETE',
      'templates/organization?preserve=false&confirm=true',
    );
    const ending = await planned(created.body.rolloutId);
    const { rolloutId } = ending;
    expect(ending.summary.planned).toBe(asking.body.usersLicensed);
    await stage.caller.start(ending);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect((await asked('GET', 'templates/organization')).status).toBe(200);

    const [pilot] = (await stage.users(rolloutId)).filter(({ wave }) => wave === 0);
    const said = { verdict: 'bad', text: 'Where is it?', user: pilot!.email };
    expect((await asked('POST', `rollouts/${rolloutId}/feedback`, said)).status).toBe(201);
    const atGate = (await stage.caller.rollout(rolloutId)) as Shown;
    expect(atGate).toMatchObject({
      phase: 'awaiting-promotion',
      feedback: { good: 0, bad: 1, latest: [{ text: 'Where is it?' }] },
    });

    await stage.caller.act(rolloutId, 'promote');
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done).converged).toBe(ending.summary.planned);
    expect((await asked('GET', 'templates/organization')).status).toBe(404);
    const after = await holdings();
    const lost = [...before].flatMap(([id, held]) =>
      held.filter((one) => !after.get(id)!.includes(one)),
    );
    expect(lost).toHaveLength(ending.summary.removals);
    // Everybody was given one license; free ones that were held before anybody looked stay.
    const kept = new Set([...after.values()].flat());
    expect(new Set(lost.filter((one) => !kept.has(one))).size).toBe(1);
    expect(new Set(lost.filter((one) => kept.has(one))).size).toBeGreaterThan(0);
  });

  it('R2 R3 a switch of sides removes nothing from anybody', async () => {
    await stage.saveTemplate(['FMS', 'FTC', given]);
    const before = await holdings();
    const entitlements = [{ offer: 'FMS' }];
    const refused = await asked<{ switchWith: object }>('PUT', `templates/groups/${group}`, {
      entitlements,
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'composition-conflict' } });
    const switched = await asked('PUT', `templates/groups/${group}`, {
      entitlements,
      ...refused.body.switchWith,
    });
    expect(switched.status).toBe(201);
    expect((await asked('GET', 'templates/organization')).status).toBe(404);
    expect(stage.writes).toEqual([]);
    expect(await holdings()).toEqual(before);
  });
});
