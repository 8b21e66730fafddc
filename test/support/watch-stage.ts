/** A watched organization, and the waiting that its stories need. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ScheduleHandle } from '@temporalio/client';
import { watchScheduleId } from '../../src/contract/ids';
import { isFinal, type Phase } from '../../src/domain/rollout/rollout-phase';
import { Caller, type RolloutBody } from './caller';
import { Stage } from './stage';
import { closeRuntime, startWorld, type World, type WorldOptions } from './world';

export interface WatchBody {
  baselineAt: string | null;
  lookedAt: string | null;
  looks: number;
  readBy: string | null;
  waiting: number;
  deferred: number;
  retrying: number;
  floods: { users: number; reason: string }[];
  halted: unknown[];
  givenUp: { users: number };
  lastError: string | null;
}

export interface FoundReaction {
  reactionId: number;
  mode: string;
  kinds: string[];
  rolloutId: string | null;
  isClosed: boolean;
}

const waitMs = 150_000;

export class WatchStage {
  private constructor(
    readonly world: World,
    readonly stage: Pick<Stage, 'control' | 'simulate' | 'truth' | 'users'>,
    readonly caller: Caller,
  ) {}

  /** Checks only when asked, unless an interval is given. Its first check has ended. */
  static async open(
    options: WorldOptions = {},
    watch: { intervalSeconds: number; floodLimit: number } = {
      intervalSeconds: 86_400,
      floodLimit: 20,
    },
    prepare: (world: World) => Promise<void> = () => Promise.resolve(),
  ): Promise<WatchStage> {
    const world = await startWorld({ isWatching: true, hasWorker: false, ...options });
    try {
      await prepare(world);
      await untilNextSecond();
      await world.startWorker();
      const caller = new Caller(world);
      const stage = Object.assign(Object.create(Stage.prototype) as Stage, { world, caller });
      const opened = new WatchStage(world, stage, caller);
      await opened.change({ watch, compositionMode: 'union' });
      await opened.change({ verification: { intervalsSeconds: [1], deadlineSeconds: 60 } });
      await opened.untilWatch(({ baselineAt }) => baselineAt !== null);
      return opened;
    } catch (error) {
      await world.close();
      await closeRuntime();
      throw error;
    }
  }

  async change(settings: Record<string, unknown>): Promise<void> {
    const confirm =
      settings.preserveOnGroupTransition === false ? ['preserveOnGroupTransition'] : [];
    const body = confirm.length === 0 ? settings : { ...settings, confirm };
    const answer = await this.caller.org('PATCH', 'settings', body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  async watch(): Promise<WatchBody> {
    return (await this.caller.org<WatchBody>('GET', 'watch')).body;
  }

  async untilWatch(condition: (watch: WatchBody) => boolean): Promise<WatchBody> {
    return until(() => this.watch(), condition);
  }

  /** One check, until the rollouts that it led to have started. */
  async look(): Promise<WatchBody> {
    await this.untilIdle();
    const { looks } = await this.watch();
    const { status, body } = await this.caller.org('POST', 'watch/look', {});
    if (status !== 202) throw new Error(JSON.stringify(body));
    await this.untilWatch((watch) => watch.looks > looks);
    await this.untilIdle();
    return this.watch();
  }

  /** Checks, and waits until all rollouts that it opened have ended. */
  async lookAndReconcile(): Promise<RolloutBody[]> {
    const before = new Set((await this.rollouts()).map(({ rolloutId }) => rolloutId));
    await this.look();
    const opened = (await this.rollouts()).filter(({ rolloutId }) => !before.has(rolloutId));
    return Promise.all(
      opened.map(({ rolloutId }) =>
        this.caller.until(rolloutId, ({ phase }) => ['completed', 'failed'].includes(phase)),
      ),
    );
  }

  /** Waits until no rollout is under way: users with an open row are left to it by the next check. */
  async untilAllEnded(): Promise<void> {
    const isUnderWay = ({ phase }: RolloutBody) => !isFinal(phase as Phase);
    await until(
      () => this.rollouts(),
      (rollouts) => !rollouts.some(isUnderWay),
    );
  }

  private get schedule(): ScheduleHandle {
    const { orgUuid } = this.world.simulator.simulator.organization;
    return this.world.client.schedule.getHandle(watchScheduleId(orgUuid));
  }

  private async untilIdle(): Promise<void> {
    const handle = this.schedule;
    const isRunning = async () => {
      const ids = (await handle.describe()).info.runningActions.map(
        ({ workflow }) => workflow.workflowId,
      );
      const states = await Promise.all(
        ids.map((id) => this.world.client.workflow.getHandle(id).describe()),
      );
      return states.some(({ status }) => status.name === 'RUNNING');
    };
    await until(isRunning, (running) => !running);
  }

  async rollouts(): Promise<(RolloutBody & { title: string; createdBy: string })[]> {
    const { body } = await this.caller.org<{
      items: (RolloutBody & { title: string; createdBy: string })[];
    }>('GET', 'rollouts?limit=100');
    return body.items;
  }

  async saveTemplate(groupId: string | null, offers: (string | object)[]): Promise<string> {
    const entitlements = offers.map((offer) => (typeof offer === 'string' ? { offer } : offer));
    const path = groupId === null ? 'templates/organization' : `templates/groups/${groupId}`;
    const { looks } = await this.watch();
    const saved = await this.caller.org<{ template: { templateId: string } }>('PUT', path, {
      entitlements,
    });
    if (saved.status >= 300) throw new Error(JSON.stringify(saved.body));
    // The first template of a group starts a check: wait until it has ended.
    if (groupId !== null && saved.status === 201) {
      await this.untilWatch((watch) => watch.looks > looks);
      await this.untilIdle();
    }
    return saved.body.template.templateId;
  }

  /** A group without members, known to Seatwise. */
  async addGroup(displayName: string): Promise<string> {
    const { url, adminToken } = this.world.simulator;
    const response = await fetch(`${url}/v1/groups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ displayName }),
    });
    const { id } = (await response.json()) as { id: string };
    await this.look();
    return id;
  }

  /** Enough of everything, so that nobody waits for a unit. */
  async makePlenty(...offers: string[]): Promise<void> {
    for (const offer of offers) {
      const id = this.licenseOf(offer);
      await this.stage.control('PATCH', `licenses/${id}`, { totalUnits: 100_000 });
    }
  }

  licenseOf(offer: string, site: string | null = null): string {
    const { licenses } = this.world.simulator.simulator.organization.catalog;
    const found = licenses.find(
      (one) => one.offer === offer && (site === null || one.site === site),
    );
    if (!found) throw new Error(`no license ${offer}`);
    return found.id;
  }

  async addPerson(name: string, licenses: string[] = []): Promise<string> {
    const { personId } = await this.stage.control<{ personId: string }>(
      'POST',
      'people?immediate=true',
      { emails: [`${name}@watch.example.com`], displayName: name, licenses },
    );
    return personId;
  }

  async members(groupId: string, change: { add?: string[]; remove?: string[] }): Promise<void> {
    await this.stage.control('POST', `groups/${groupId}/members`, { ...change, immediate: true });
  }

  async held(personId: string): Promise<string[]> {
    const person = await this.stage.control<{ licenses: string[] }>('GET', `people/${personId}`);
    return person.licenses;
  }

  async offersOf(personId: string): Promise<string[]> {
    const { licenses } = this.world.simulator.simulator.organization.catalog;
    const held = await this.held(personId);
    return licenses
      .filter(({ id }) => held.includes(id))
      .map(({ offer }) => offer)
      .sort();
  }

  async reactions(personId: string): Promise<FoundReaction[]> {
    const { rows } = await this.world.database.db.$client.query<FoundReaction>(
      `SELECT reaction_id AS "reactionId", mode, rollout_id AS "rolloutId",
         closed_at IS NOT NULL AS "isClosed",
         ARRAY(SELECT c->>'kind' FROM jsonb_array_elements(causes) c ORDER BY 1) AS kinds
       FROM reaction WHERE person_id = $1 ORDER BY reaction_id`,
      [personId],
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.world.close();
    await closeRuntime();
  }
}

/** People who are there before the first check. */
export async function addPeople({ simulator }: World, names: readonly string[]): Promise<string[]> {
  const people: string[] = [];
  for (const name of names) {
    const response = await fetch(`${simulator.url}/_simulator/people?immediate=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ emails: [`${name}@watch.example.com`], displayName: name }),
    });
    people.push(((await response.json()) as { personId: string }).personId);
  }
  return people;
}

/** Webex tells seconds: users who were created in the second in which the first check began are new (R15). */
async function untilNextSecond(): Promise<void> {
  await delay(1_000 - (Date.now() % 1_000) + 5);
}

export async function until<T>(
  look: () => Promise<T>,
  condition: (seen: T) => boolean,
  timeoutMs = waitMs,
): Promise<T> {
  const endAt = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (condition(seen)) return seen;
    if (Date.now() > endAt) throw new Error(`Not in time: ${JSON.stringify(seen)}`);
    await delay(100);
  }
}
