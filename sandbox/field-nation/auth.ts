import { randomBytes } from 'node:crypto';

import { asObject, asText } from '../json';
import { API_USER } from './catalog';
import { FieldNationRefusal } from './errors';
import type { Answer, Call } from '../pipeline';
import type { FieldNationWorld } from './world';

/** `POST /authentication/api/oauth/token`: password and client_credentials, JSON and form (Field Nation contract 2.1). */
export function issueToken(world: FieldNationWorld, call: Call): Answer {
  const body = asObject(call.body.value);
  const known = world.parts.credentials;
  const refused = (error: string, error_description: string): Answer => ({
    status: 401,
    body: { error, error_description },
  });
  if (body['client_id'] !== known.clientId || body['client_secret'] !== known.clientSecret) {
    return refused('invalid_client', 'Client credentials are invalid');
  }
  const grant = asText(body['grant_type']);
  if (grant !== 'password' && grant !== 'client_credentials') {
    return {
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'The grant type is not supported' },
    };
  }
  if (grant === 'password' && (body['username'] !== known.username || body['password'] !== known.password)) {
    return refused('invalid_grant', 'User credentials are invalid');
  }
  for (const { token, expiresAt } of world.tokens.all()) {
    if (world.knobs.newTokenEndsOld || expiresAt <= world.now()) world.tokens.remove(token);
  }
  const token = randomBytes(20).toString('hex');
  world.tokens.save({ token, expiresAt: world.now() + world.knobs.tokenSeconds * 1000 });
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: {
      access_token: token,
      expires_in: world.knobs.tokenSeconds,
      token_type: 'Bearer',
      scope: 'basic',
      refresh_token: randomBytes(20).toString('hex'),
      user: { id: API_USER.id, first_name: API_USER.first_name, last_name: API_USER.last_name },
    },
  };
}

/** Throws when the call carries no valid token: query for REST, header for webhooks (2.2). */
export function requireToken(world: FieldNationWorld, call: Call): void {
  const isWebhookApi = call.path.startsWith('/api/v1/webhooks');
  const header = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const headerCounts = isWebhookApi || world.knobs.bearerHeader;
  const given = (isWebhookApi ? null : call.query.get('access_token')) ?? (headerCounts ? header : undefined);
  const token = given === undefined ? undefined : world.tokens.get(given);
  if (token !== undefined && token.expiresAt > world.now()) return;
  throw new FieldNationRefusal(world.knobs.badTokenStatus, 'The access token is missing, invalid or expired.');
}

/** Ends all tokens at once. */
export function expireTokens(world: FieldNationWorld): void {
  for (const { token } of world.tokens.all()) world.tokens.remove(token);
}
