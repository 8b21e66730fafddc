/** An organization on which one rollout after another has something to do, and the judge of writes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SettingsInput } from '../../src/simulator/state/settings';
import type { LoggedWrite } from '../../src/simulator/state/write-log';
import { Caller, type RolloutBody } from './caller';
import { closeRuntime, startWorld, type World, type WorldOptions } from './world';

export interface PlannedRow {
  seq: number;
  personId: string;
  email: string;
  wave: number | null;
  step: number | null;
  outcome: string;
  detail: string | null;
  attempts: number;
  changes: { operation: string; target: Record<string, string> }[];
}

interface Truth {
  personId: string;
  exists: boolean;
  licenses: string[];
  hostSites: string[];
  attendeeSites: string[];
}

/** Held by nobody in a generated organization, never short and free of rules. */
const toggled = 'UCPREM';
const everybody = ['FMS', 'FTC'];
export const noFaults: SettingsInput = {
  faults: {},
  latencyMs: 0,
  throttle: null,
  overage: 'partial206',
  propagation: {},
};

export type StageWorld = Pick<World, 'apiUrl' | 'token' | 'simulator' | 'close'>;

export class Stage<W extends StageWorld = World> {
  private isOn = false;

  private constructor(
    readonly world: W,
    readonly caller: Caller,
  ) {}

  static async open(options: WorldOptions = {}): Promise<Stage> {
    const world = await startWorld(options);
    try {
      return await Stage.on(world);
    } catch (error) {
      // A runtime that is left running would keep jest from ending.
      await world.close();
      await closeRuntime();
      throw error;
    }
  }

  /** Users of this world hold just what its template grants from now on: `flip` decides what changes. */
  static async on<W extends StageWorld>(world: W): Promise<Stage<W>> {
    const stage = new Stage(world, new Caller(world));
    await stage.verifyEvery(1, 60);
    await stage.level();
    return stage;
  }

  get writes(): LoggedWrite[] {
    return this.world.simulator.simulator.log.read(0, Number.MAX_SAFE_INTEGER);
  }

  async verifyEvery(seconds: number, deadlineSeconds: number): Promise<void> {
    const verification = { intervalsSeconds: [seconds], deadlineSeconds };
    const { status, body } = await this.caller.org('PATCH', 'settings', { verification });
    if (status !== 200) throw new Error(JSON.stringify(body));
  }

  async saveTemplate(offers: string[], more: Record<string, unknown> = {}): Promise<string> {
    const saved = await this.caller.org<{ template: { templateId: string } }>(
      'PUT',
      'templates/organization',
      { entitlements: offers.map((offer) => ({ offer })), ...more },
    );
    if (saved.status >= 300) throw new Error(JSON.stringify(saved.body));
    return saved.body.template.templateId;
  }

  /** Plans a rollout that adds one license to everybody, or removes it again: every user changes. */
  async flip(
    request: Record<string, unknown> = {},
    template: Record<string, unknown> = {},
  ): Promise<RolloutBody> {
    const offers = this.isOn ? everybody : [...everybody, toggled];
    const templateId = await this.saveTemplate(offers, template);
    this.isOn = !this.isOn;
    return this.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      ...request,
    });
  }

  /** The last flip came to nothing: what everybody holds is as before it. */
  flipBack(): void {
    this.isOn = !this.isOn;
  }

  private async level(): Promise<void> {
    const templateId = await this.saveTemplate(everybody);
    const planned = await this.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      preserveLicenses: false,
      acknowledgeIrreversible: true,
      pilot: null,
    });
    await this.carryOut(planned);
    await this.control('DELETE', 'writes');
  }

  /** Starts a rollout and waits for its end. */
  async carryOut(planned: RolloutBody): Promise<RolloutBody> {
    await this.caller.start(planned);
    return this.caller.until(planned.rolloutId, ({ phase }) => phase === 'completed');
  }

  async users(rolloutId: string): Promise<PlannedRow[]> {
    const { body } = await this.caller.org<{ items: PlannedRow[] }>(
      'GET',
      `rollouts/${rolloutId}/users?limit=1000&changed=true`,
    );
    return body.items;
  }

  async control<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.world.simulator.url}/_simulator/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  async simulate(settings: SettingsInput): Promise<void> {
    await this.control('PUT', 'settings', settings);
  }

  async truth(): Promise<Map<string, Truth>> {
    const { items } = await this.control<{ items: Truth[] }>('GET', 'people?limit=10000');
    return new Map(items.map((item) => [item.personId, item]));
  }

  /** Waits until the simulator has logged this many writes. */
  async untilWrites(count: number, timeoutMs = 120_000): Promise<void> {
    const endAt = Date.now() + timeoutMs;
    while (this.writes.length < count) {
      if (Date.now() > endAt) throw new Error(`only ${this.writes.length} writes came`);
      await delay(10);
    }
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

export function countsOf(rollout: RolloutBody): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rollout.counts).map(([outcome, { users }]) => [outcome, users]),
  );
}

/** How often each person was written with effect. */
export function effectsByPerson(writes: LoggedWrite[]): Map<string, number> {
  const effects = new Map<string, number>();
  for (const { personId, isEffective } of writes) {
    if (personId !== null && isEffective) effects.set(personId, (effects.get(personId) ?? 0) + 1);
  }
  return effects;
}

/** Every changed user was written with effect exactly once, and nobody else was written at all. */
export function expectEachOnce(users: PlannedRow[], writes: LoggedWrite[]): void {
  const planned = users.map(({ personId }) => personId).sort();
  const effects = effectsByPerson(writes);
  expect([...effects.keys()].sort()).toEqual(planned);
  expect(Math.max(...effects.values())).toBe(1);
}
