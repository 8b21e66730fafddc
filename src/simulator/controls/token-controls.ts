import { z } from 'zod';
import { notFound } from '../server/api-error';
import { allScopes, newTokenValue, tokenName, type Token } from '../state/tokens';
import { readControl, type Control, type ControlCall } from './control';

const wish = z.strictObject({
  /** The token's value; generated when absent. */
  token: z.string().min(8).optional(),
  name: z.string().min(1).optional(),
  scopes: z.array(z.string()).default([...allScopes]),
  kind: z.enum(['person', 'service-app']).default('person'),
  /** Negative: already expired. */
  expiresInSeconds: z.number().default(1_209_600),
  /** With a refresh token for `POST /v1/access_token`. */
  refresh: z
    .strictObject({
      expiresInSeconds: z.number().default(7_776_000),
      clientId: z.string().nullable().default(null),
      clientSecret: z.string().nullable().default(null),
      /** Lifetime of the access tokens that it issues. */
      accessSeconds: z.number().default(1_209_600),
    })
    .optional(),
});

/** Tokens. */
export const tokenControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/tokens',
    summary: 'Lists access tokens by name, with scopes and expiry; never their values.',
    handle: ({ simulator }) => ({ body: { items: simulator.tokens.list().map(describe) } }),
  },
  {
    method: 'POST',
    path: '/_simulator/tokens',
    summary: 'Creates a token: { name, scopes, kind, expiresInSeconds, refresh: {} }.',
    handle: mint,
  },
  {
    method: 'DELETE',
    path: '/_simulator/tokens/{token}',
    summary: 'Revokes an access or refresh token by its value.',
    handle: ({ simulator, params }) => {
      const value = params.token ?? '';
      if (!simulator.tokens.find(value) && !simulator.tokens.findRefresh(value)) throw notFound();
      simulator.record({ revoked: value });
      return { status: 204 };
    },
  },
];

function mint({ simulator, body }: ControlCall): { status: number; body: unknown } {
  const asked = readControl(wish, body);
  const now = simulator.clock.now();
  const value = asked.token ?? newTokenValue();
  const shape = { name: asked.name ?? tokenName(value), scopes: asked.scopes, kind: asked.kind };
  const token: Token = { value, ...shape, expiresAt: now + asked.expiresInSeconds * 1000 };
  simulator.record({ token });
  if (!asked.refresh) return { status: 201, body: { access_token: value, ...describe(token) } };
  const { expiresInSeconds, clientId, clientSecret, accessSeconds } = asked.refresh;
  const refreshValue = newTokenValue();
  simulator.record({
    refreshToken: {
      value: refreshValue,
      ...shape,
      expiresAt: now + expiresInSeconds * 1000,
      clientId,
      clientSecret,
      accessSeconds,
      refreshSeconds: expiresInSeconds,
    },
  });
  return {
    status: 201,
    body: { access_token: value, refresh_token: refreshValue, ...describe(token) },
  };
}

function describe({ name, scopes, kind, expiresAt }: Token): Record<string, unknown> {
  // The administrator's token never expires: its time is beyond the range of Date.
  const end = new Date(Math.min(expiresAt, 8.64e15)).toISOString();
  return { name, scopes, kind, expiresAt: end };
}
