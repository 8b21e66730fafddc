/** Somebody who uses the API: requests with a token, and the waiting that people do. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { World } from './world';

export interface Reply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What tests look at; the API promises much more. */
export interface RolloutBody {
  rolloutId: string;
  phase: string;
  phaseVersion: number;
  phaseReason: string | null;
  paused: boolean;
  digest: string;
  waitingFor: string | null;
  counts: Record<string, { users: number }>;
  summary: { planned: number; usersInScope: number; removals: number } | null;
  allowedActions: string[];
}

interface ActionBody {
  phase: string;
  phaseVersion: number;
  paused: boolean;
  code?: string;
}

const settledWithinMs = 60_000;

export class Caller {
  private orgId: string | null = null;

  constructor(private readonly world: Pick<World, 'apiUrl' | 'token'>) {}

  async request<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const response = await fetch(`${this.world.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.world.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  /** Under the only organization there is; waits until it has been looked at. */
  async org<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    this.orgId ??= await this.observedOrganization();
    return this.request<Body>(method, `/v1/organizations/${this.orgId}/${path}`, body, headers);
  }

  private async observedOrganization(): Promise<string> {
    for (;;) {
      const { status, body } = await this.request<{
        items: { orgId: string; observedAt: string | null }[];
      }>('GET', '/v1/organizations');
      if (status !== 200) throw new Error(JSON.stringify(body));
      const seen = body.items.find(({ observedAt }) => observedAt !== null);
      if (seen) return seen.orgId;
      await delay(100);
    }
  }

  /** Plans a rollout and waits until it is planned. */
  async plan(request: Record<string, unknown>): Promise<RolloutBody> {
    const created = await this.org<RolloutBody>('POST', 'rollouts', request);
    if (created.status !== 202) throw new Error(JSON.stringify(created.body));
    return this.until(created.body.rolloutId, ({ phase }) => phase !== 'planning');
  }

  async rollout(rolloutId: string): Promise<RolloutBody> {
    return (await this.org<RolloutBody>('GET', `rollouts/${rolloutId}`)).body;
  }

  /**
   * Asks for an action until it is settled. A 202, which a busy machine may give at any time, says
   * that it is kept for later: the same key is the same action, and in the end applied or refused.
   */
  async act(
    rolloutId: string,
    action: string,
    body: Record<string, unknown> = {},
  ): Promise<Reply<ActionBody>> {
    const key = { 'idempotency-key': randomUUID() };
    const endAt = Date.now() + settledWithinMs;
    for (;;) {
      const path = `rollouts/${rolloutId}/${action}`;
      const reply = await this.org<ActionBody>('POST', path, body, key);
      if (reply.status !== 202 || Date.now() > endAt) return reply;
      await delay(100);
    }
  }

  /** Starts a planned rollout as planned. */
  async start(rollout: RolloutBody): Promise<void> {
    const { status, body } = await this.act(rollout.rolloutId, 'start', {
      digest: rollout.digest,
    });
    if (status !== 200) throw new Error(`start: ${JSON.stringify(body)}`);
  }

  async until(
    rolloutId: string,
    condition: (rollout: RolloutBody) => boolean,
    timeoutMs = 120_000,
  ): Promise<RolloutBody> {
    const endAt = Date.now() + timeoutMs;
    for (;;) {
      const rollout = await this.rollout(rolloutId);
      if (condition(rollout)) return rollout;
      if (Date.now() > endAt) {
        const { phase, phaseReason, paused, waitingFor, counts } = rollout;
        const seen = { rolloutId, phase, phaseReason, paused, waitingFor, counts };
        throw new Error(`Not in time: ${JSON.stringify(seen)}`);
      }
      await delay(100);
    }
  }
}
