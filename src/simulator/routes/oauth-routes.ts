import { isRecord } from '../server/read-body';
import { ApiError, badRequest } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { newTokenValue, tokenName, type RefreshToken } from '../state/tokens';
import { valueOfId } from '../organization/ids';

export const oauthRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/access_token',
    operation: 'refresh token',
    scopes: null,
    isToken: true,
    handle: refresh,
  },
  {
    method: 'POST',
    path: '/v1/applications/{applicationId}/token',
    operation: 'service app token',
    scopes: ['spark:applications_token'],
    isToken: true,
    handle: serviceAppToken,
  },
];

/** Grant `refresh_token`: a new access token; the refresh token stays the same and is extended. */
function refresh(call: Call): Answer {
  const { simulator, body } = call;
  if (!isRecord(body) || body.grant_type !== 'refresh_token') {
    throw badRequest('grant_type can only be refresh_token here.');
  }
  const { client_id: clientId, client_secret: clientSecret } = body;
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') {
    throw badRequest('client_id and client_secret are required.');
  }
  const known = simulator.tokens.findRefresh(String(body.refresh_token));
  if (!known || known.expiresAt <= call.now) {
    throw badRequest('The refresh token provided is expired, revoked, malformed, or invalid.');
  }
  const isClient =
    (known.clientId === null || known.clientId === clientId) &&
    (known.clientSecret === null || known.clientSecret === clientSecret);
  if (!isClient) throw new ApiError(401, 'The client credentials are invalid.');
  return issue(call, known);
}

/** Tokens of a service app for this organization. */
function serviceAppToken(call: Call): Answer {
  const { simulator, body, params } = call;
  if (
    !isRecord(body) ||
    typeof body.clientId !== 'string' ||
    typeof body.clientSecret !== 'string'
  ) {
    throw badRequest('clientId and clientSecret are required.');
  }
  const target = valueOfId('ORGANIZATION', String(body.targetOrgId));
  if (target !== simulator.organization.orgUuid) {
    throw badRequest('targetOrgId is not an organization that authorized this app.');
  }
  const value = newTokenValue();
  return issue(call, {
    value,
    name: `app-${params.applicationId ?? ''}`.slice(0, 40),
    scopes: call.token?.scopes ?? [],
    kind: 'service-app',
    expiresAt: 0,
    clientId: body.clientId,
    clientSecret: body.clientSecret,
    accessSeconds: 1_209_600,
    refreshSeconds: 7_776_000,
  });
}

function issue(call: Call, from: RefreshToken): Answer {
  const { simulator, now } = call;
  const value = newTokenValue();
  const { name, scopes, kind, accessSeconds, refreshSeconds } = from;
  simulator.record({
    token: {
      value,
      name: name || tokenName(value),
      scopes,
      kind,
      expiresAt: now + accessSeconds * 1000,
    },
    refreshToken: { ...from, expiresAt: now + refreshSeconds * 1000 },
  });
  return {
    status: 200,
    body: {
      access_token: value,
      expires_in: accessSeconds,
      refresh_token: from.value,
      refresh_token_expires_in: refreshSeconds,
      token_type: 'Bearer',
      scope: scopes.join(' '),
    },
  };
}
