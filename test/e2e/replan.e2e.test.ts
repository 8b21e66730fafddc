import { randomUUID } from 'node:crypto';
import { countsOf, effectsByPerson, noFaults, Stage } from '../support/stage';
import type { RolloutBody } from '../support/caller';
import { waitFor } from '../support/wait-for';

interface ReplannedBody extends RolloutBody {
  replanOf: string | null;
  detail?: string;
  code?: string;
  summary: (RolloutBody['summary'] & { warnings: { code: string; text: string }[] }) | null;
}

describe('plans that are out of date, and planning again', () => {
  let stage: Stage;
  let groupId: string;
  let members: string[];

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 40, seed: 7 } });
    await stage.caller.org('PATCH', 'settings', { compositionMode: 'union' });
    members = [...(await stage.truth()).keys()].sort().slice(0, 12);
    groupId = await aGroup('Sales');
    await stage.carryOut(await stage.flip({ pilot: null }));
    await saveForGroup(['FMS']);
    await readDirectory();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.simulate(noFaults));

  async function aGroup(displayName: string): Promise<string> {
    const { simulator } = stage.world;
    const answer = await fetch(`${simulator.url}/v1/groups`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${simulator.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ displayName, members: members.map((id) => ({ id })) }),
    });
    const { id } = (await answer.json()) as { id: string };
    await readDirectory();
    return id;
  }

  /** Reads who belongs to which group, once more. */
  async function readDirectory(): Promise<void> {
    const before = await observedAt();
    await stage.caller.org('POST', 'observe');
    await waitFor('a read', async () => (await observedAt()) !== before);
  }

  async function observedAt(): Promise<string | null> {
    const { body } = await stage.caller.request<{ items: { observedAt: string | null }[] }>(
      'GET',
      '/v1/organizations',
    );
    return body.items[0]?.observedAt ?? null;
  }

  async function replan(
    rolloutId: string,
    body: Record<string, unknown> = {},
  ): Promise<ReplannedBody> {
    const path = `rollouts/${rolloutId}/replan`;
    const key = { 'idempotency-key': randomUUID() };
    const first = await stage.caller.org<ReplannedBody>('POST', path, body, key);
    if (first.status !== 202) throw new Error(JSON.stringify(first.body));
    const again = await stage.caller.org<ReplannedBody>('POST', path, body, key);
    expect(again.body.rolloutId).toBe(first.body.rolloutId);
    return (await stage.caller.until(
      first.body.rolloutId,
      ({ phase }) => phase !== 'planning',
    )) as ReplannedBody;
  }

  const saveForGroup = (offers: string[]) =>
    stage.caller.org('PUT', `templates/groups/${groupId}`, {
      entitlements: offers.map((offer) => ({ offer })),
    });

  it('R101 R102 a template that is saved after planning refuses the start, until it is planned again', async () => {
    const templateId = await stage.saveTemplate(['FMS', 'FTC'], { draft: true });
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      pilot: null,
    });
    const written = stage.writes.length;
    expect((await saveForGroup(['FMS', 'UCPREM'])).status).toBeLessThan(300);

    const refused = await stage.caller.act(planned.rolloutId, 'start', { digest: planned.digest });
    expect(refused).toMatchObject({ status: 409, body: { code: 'plan-stale' } });
    const { detail } = refused.body as unknown as { detail: string };
    expect(detail).toContain('12 of 40 users who are left would be decided differently today');
    expect(detail).toContain('Template "Sales" was saved: revision 2 is in force');
    expect(stage.writes).toHaveLength(written);

    const again = await replan(planned.rolloutId, { waves: [{ size: { percent: 100 } }] });
    expect(again.rolloutId).toBe(planned.rolloutId);
    expect(again.phase).toBe('planned');
    expect(again.digest).not.toBe(planned.digest);
    const [since] = again.summary?.warnings ?? [];
    expect(since?.code).toBe('planned-again');
    expect(since?.text).toContain('12 would be decided differently now');

    const old = await stage.caller.act(again.rolloutId, 'start', { digest: planned.digest });
    expect(old).toMatchObject({
      status: 409,
      body: { code: 'digest-mismatch', digest: again.digest },
    });
    await stage.carryOut(again);
    const { body: template } = await stage.caller.org<{
      draft: unknown;
      inForce: { revision: number };
    }>('GET', 'templates/organization');
    expect(template.draft).toBeNull();
    const [removed] = (await stage.users(again.rolloutId)).flatMap(({ changes }) => changes);
    const kept = removed?.target.licenseId ?? '';
    const truth = await stage.truth();
    const holders = [...truth.values()].filter(({ licenses }) => licenses.includes(kept));
    expect(holders.map(({ personId }) => personId).sort()).toEqual(members);
  });

  it('R102 what fails in the pilot is taken up at the gate, with the draft and the rest', async () => {
    const templateId = await stage.saveTemplate(['FMS', 'FTC', 'UCPREM'], { draft: true });
    await stage.control('DELETE', 'writes');
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      guards: { failureMin: 40 },
      pilot: { sample: { count: 3 } },
    });
    const pilot = (await stage.users(planned.rolloutId)).filter(({ wave }) => wave === 0);
    const failing = pilot.slice(0, 2).map(({ personId }) => personId);
    await stage.simulate({
      faults: { error5xxBefore: { probability: 1, status: 400, personIds: failing } },
    });
    await stage.caller.start(planned);
    const atGate = await stage.caller.until(
      planned.rolloutId,
      ({ phase }) => phase === 'awaiting-promotion',
    );
    expect(atGate.allowedActions).toContain('replan');
    await stage.simulate(noFaults);

    const next = await replan(planned.rolloutId);
    expect(next.rolloutId).not.toBe(planned.rolloutId);
    expect(next.replanOf).toContain(planned.rolloutId);
    const first = await stage.caller.rollout(planned.rolloutId);
    expect(first).toMatchObject({ phase: 'aborted' });
    expect(first.phaseReason).toContain(next.rolloutId);
    await stage.caller.start(next);
    await stage.caller.until(next.rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect((await stage.caller.act(next.rolloutId, 'promote')).status).toBe(200);
    const done = await stage.caller.until(next.rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done).failed ?? 0).toBe(0);
    const effects = effectsByPerson(stage.writes);
    expect(Math.max(...effects.values())).toBe(1);
    for (const { personId } of pilot) expect(effects.get(personId)).toBe(1);
  });
});
