import { createApi, type Api } from '../../src/demo/api-client';
import { waitFor } from '../../src/demo/wait-for';

/** The fields of a rollout that the bench reads. */
export interface RolloutAnswer {
  rolloutId: string;
  phase: string;
  phaseReason: string | null;
  digest: string;
  counts: Record<string, { users: number }>;
  summary: { planned: number; usersInScope: number } | null;
}

/** The HTTP API as the bench uses it. */
export interface Rollouts {
  orgId: () => Promise<string>;
  /** Saves an organization template that grants this to everybody, and returns its id. */
  saveTemplate: (offers: readonly string[]) => Promise<string>;
  /** Asks for the rollout of a template and returns its id at once. */
  request: (templateId: string, request?: Record<string, unknown>) => Promise<string>;
  /** Asks for a read of the directory. */
  observe: () => Promise<void>;
  /** Saves such a template and plans its rollout. */
  plan: (offers: readonly string[], request?: Record<string, unknown>) => Promise<RolloutAnswer>;
  act: (rolloutId: string, action: string, body?: Record<string, unknown>) => Promise<void>;
  /** Starts a planned rollout. */
  start: (rollout: RolloutAnswer) => Promise<void>;
  get: (rolloutId: string) => Promise<RolloutAnswer>;
  until: (
    rolloutId: string,
    phases: readonly string[],
    timeoutMs?: number,
  ) => Promise<RolloutAnswer>;
}

const planTimeoutMs = 300_000;
/** Phases that a rollout doesn't leave without an action. */
const deadEnds = ['failed', 'halted', 'aborted', 'expired'];

async function observedOrganization(api: Api, signal: AbortSignal): Promise<string> {
  const seen = await waitFor({
    what: 'The first read of the directory',
    ask: () =>
      api.get<{ items: { orgId: string; observedAt: string | null }[] }>('/v1/organizations'),
    until: ({ items }) => items.some(({ observedAt }) => observedAt !== null),
    timeoutMs: planTimeoutMs,
    signal,
  });
  return seen.items[0]?.orgId ?? '';
}

export function createRollouts(options: {
  url: string;
  token: string;
  signal: AbortSignal;
}): Rollouts {
  const { signal } = options;
  const api = createApi(options);
  let organization: Promise<string> | null = null;
  const orgId = () => (organization ??= observedOrganization(api, signal));
  const at = async (path: string) => `/v1/organizations/${await orgId()}/${path}`;

  const rollouts: Rollouts = {
    orgId,
    async saveTemplate(offers) {
      await api.send('PATCH', await at('settings'), {
        verification: { intervalsSeconds: [1], deadlineSeconds: 120 },
      });
      const entitlements = offers.map((offer) => ({ offer }));
      const saved = await api.send<{ template: { templateId: string } }>(
        'PUT',
        await at('templates/organization'),
        { entitlements },
      );
      return saved.template.templateId;
    },
    async request(templateId, request = {}) {
      const { rolloutId } = await api.send<RolloutAnswer>('POST', await at('rollouts'), {
        change: { kind: 'template', templateId },
        existingUsers: true,
        ...request,
      });
      return rolloutId;
    },
    async observe() {
      await api.send('POST', await at('observe'));
    },
    async plan(offers, request = {}) {
      const templateId = await rollouts.saveTemplate(offers);
      const rolloutId = await rollouts.request(templateId, request);
      return rollouts.until(rolloutId, ['planned'], planTimeoutMs);
    },
    async act(rolloutId, action, body = {}) {
      await api.send('POST', await at(`rollouts/${rolloutId}/${action}`), body);
    },
    start: ({ rolloutId, digest }) => rollouts.act(rolloutId, 'start', { digest }),
    get: async (rolloutId) => api.get(await at(`rollouts/${rolloutId}`)),
    async until(rolloutId, phases, timeoutMs = 600_000) {
      const rollout = await waitFor({
        what: `The phase ${phases.join(' or ')}`,
        ask: () => rollouts.get(rolloutId),
        until: ({ phase }) => phases.includes(phase) || deadEnds.includes(phase),
        timeoutMs,
        signal,
      });
      if (phases.includes(rollout.phase)) return rollout;
      throw new Error(`The rollout is ${rollout.phase}: ${rollout.phaseReason ?? ''}`);
    },
  };
  return rollouts;
}
