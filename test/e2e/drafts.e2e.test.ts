import { effectsByPerson } from '../support/stage';
import { expectNothingLeft, writesAfter } from '../support/aftermath';
import { WatchStage } from '../support/watch-stage';

const [one, two, three] = ['UCPREM', 'CJPPRM', 'RTT'] as const;
const paid = [one, two, three] as string[];

describe('new users while a draft is tried', () => {
  let stage: WatchStage;
  let count = 0;

  beforeAll(async () => {
    const env = { WEBEX_WRITES_PER_SECOND: '5' };
    stage = await WatchStage.open({ simulator: { users: 40, seed: 7 }, env });
    await stage.makePlenty(...paid);
    await stage.saveTemplate(null, ['FMS', one]);
  });
  afterAll(() => stage.close());

  /** Somebody new is found and reconciled by one write; returns what the template gave them. */
  async function newcomer(): Promise<string[]> {
    count += 1;
    const before = writesAfter(stage).length;
    const personId = await stage.addPerson(`newcomer-${count}`);
    expect(await stage.lookAndReconcile()).toMatchObject([{ title: '1 new user' }]);
    expect(effectsByPerson(writesAfter(stage, before)).get(personId)).toBe(1);
    return (await stage.offersOf(personId)).filter((offer) => paid.includes(offer));
  }

  /** Saves a draft and starts the rollout that tries it on a sample first. */
  async function beginPilot(offer: string): Promise<string> {
    const path = 'templates/organization';
    const body = { entitlements: [{ offer: 'FMS' }, { offer }], draft: true };
    const saved = await stage.caller.org<{ template: { templateId: string } }>('PUT', path, body);
    expect(saved.status).toBe(200);
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId: saved.body.template.templateId },
      existingUsers: true,
      pilot: { sample: { percent: 1, atLeast: 20 } },
    });
    await stage.caller.start(planned);
    return planned.rolloutId;
  }

  async function template() {
    const path = 'templates/organization';
    const { body } = await stage.caller.org<{
      draft: { revision: number } | null;
      inForce: { revision: number };
    }>('GET', path);
    return { draft: body.draft?.revision ?? null, inForce: body.inForce.revision };
  }

  it('R16a R14 the revision before governs until the pilot is promoted, and the new one from then on', async () => {
    expect(await newcomer()).toEqual([one]);
    const rolloutId = await beginPilot(two);
    await stage.caller.act(rolloutId, 'pause');
    expect(['piloting', 'awaiting-promotion']).toContain(
      (await stage.caller.rollout(rolloutId)).phase,
    );
    expect(await newcomer()).toEqual([one]);
    await stage.caller.act(rolloutId, 'resume');
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(await newcomer()).toEqual([one]);
    expect(await template()).toEqual({ draft: 2, inForce: 1 });

    expect((await stage.caller.act(rolloutId, 'promote')).status).toBe(200);
    expect(await newcomer()).toEqual([two]);
    expect(await template()).toEqual({ draft: null, inForce: 2 });
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
  });

  it('R16a keeps the revision before in force after an abort before the promotion', async () => {
    const rolloutId = await beginPilot(three);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(await newcomer()).toEqual([two]);
    expect((await stage.caller.act(rolloutId, 'abort', { reason: 'not liked' })).status).toBe(200);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'aborted');
    expect(await newcomer()).toEqual([two]);
    expect(await template()).toEqual({ draft: null, inForce: 2 });
  });

  it('R16a leaves nothing behind', () => expectNothingLeft(stage));
});
