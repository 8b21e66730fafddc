import { countsOf, type PlannedRow } from '../support/stage';
import { waitFor } from '../support/wait-for';
import { WatchStage } from '../support/watch-stage';

interface Refused {
  list: string;
  before: number;
  now: number;
  missing: number;
}

describe('a started plan that takes from the members of a group', () => {
  let stage: WatchStage;
  let sales: string;
  let members: string[];

  beforeAll(async () => {
    stage = await WatchStage.open({ simulator: { users: 40, seed: 11 }, bend: [] });
    await stage.makePlenty('UCPREM');
    const { body } = await stage.caller.org<{ items: { personId: string; kind: string }[] }>(
      'GET',
      'users?limit=1000',
    );
    const people = body.items.filter(({ kind }) => kind === 'person');
    members = people.slice(0, 16).map(({ personId }) => personId);
    sales = await stage.addGroup('Sales');
    await stage.members(sales, { add: members });
    await stage.saveTemplate(sales, ['FMS', 'UCPREM']);
    await stage.look();
  });
  afterAll(() => stage.close());

  const refusal = async () => {
    const { refused } = (await stage.caller.org('GET', 'watch')).body as { refused: Refused[] };
    return refused.find(({ list }) => list === `members:${sales}`);
  };

  async function atTheGate(offers: string[], pilot: string) {
    const templateId = await stage.saveTemplate(sales, offers);
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      acknowledgeIrreversible: true,
      pilot: { users: [pilot] },
      gates: 'manual',
    });
    await stage.caller.start(planned);
    return stage.caller.until(planned.rolloutId, ({ phase }) => phase === 'awaiting-promotion');
  }

  const holding = async (offer: string) => {
    const held = await Promise.all(members.map((personId) => stage.offersOf(personId)));
    return held.filter((offers) => offers.includes(offer)).length;
  };

  it('R88 R101 takes nothing from 13 who have left while the list is refused, and says how to go on', async () => {
    const given = await atTheGate(['FMS', 'UCPREM'], members[0]!);
    await stage.caller.act(given.rolloutId, 'promote');
    await stage.caller.until(given.rolloutId, ({ phase }) => phase === 'completed');
    expect(await holding('UCPREM')).toBe(16);

    const { rolloutId } = await atTheGate(['FMS'], members[0]!);
    expect(await holding('UCPREM')).toBe(15);
    await stage.members(sales, { remove: members.slice(3) });
    await stage.look();
    expect(await refusal()).toMatchObject({ before: 16, now: 3, missing: 13 });

    const answer = await stage.caller.org<{ code: string; detail: string }>(
      'POST',
      `rollouts/${rolloutId}/promote`,
      {},
    );
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('plan-stale');
    expect(answer.body.detail).toContain('shows 3 entries, and 13 of the 16 before are missing');
    expect(answer.body.detail).toContain('an administrator accepts the list');
    const waits = await stage.caller.rollout(rolloutId);
    expect(waits.waitingFor).toMatch(/^promote, replan or abort: .*13 of the 16 before/);
    expect(await holding('UCPREM')).toBe(15);

    // The list was right after all: these users are out of reach of the plan.
    const seen = { list: `members:${sales}`, before: 16, now: 3, reason: 'the team was dissolved' };
    expect((await stage.caller.org('POST', 'watch/accept', seen)).status).toBe(202);
    await waitFor('belief', async () => (await refusal()) === undefined);
    const again = await stage.caller.org('POST', `rollouts/${rolloutId}/promote`, {});
    expect(again.status).toBe(409);
    expect(await holding('UCPREM')).toBe(15);
    await stage.caller.org('POST', `rollouts/${rolloutId}/abort`, {});
  });

  it('R101 takes nothing from who has joined a group that grants it, although no check came in between', async () => {
    await stage.members(sales, { add: members.slice(3) });
    await stage.lookAndReconcile();
    const tech = await stage.addGroup('Tech');
    await stage.saveTemplate(tech, ['FMS', 'UCPREM']);
    const before = await holding('UCPREM');
    const { rolloutId } = await atTheGate(['FMS'], members[1]!);
    const late = members.at(-1)!;
    expect(await stage.offersOf(late)).toContain('UCPREM');
    await stage.members(tech, { add: [late] });
    // As if the last check had been more than a minute ago.
    await stage.world.database.db.$client.query(
      "UPDATE directory_group SET members_began_at = members_began_at - interval '2 minutes'",
    );
    expect((await stage.caller.org('POST', `rollouts/${rolloutId}/promote`, {})).status).toBe(200);
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toMatchObject({ conflict: 1 });
    const rows: PlannedRow[] = await stage.stage.users(rolloutId);
    const row = rows.find(({ outcome }) => outcome === 'conflict');
    expect(row).toMatchObject({ personId: late, attempts: 0 });
    expect(row?.detail).toContain('no longer: remove');
    expect(await stage.offersOf(late)).toContain('UCPREM');
    expect(before).toBeGreaterThan(await holding('UCPREM'));

    // The watch covers the joiner, and planning again leaves nothing to take.
    await stage.lookAndReconcile();
    expect(await stage.offersOf(late)).toContain('UCPREM');
  });
});
