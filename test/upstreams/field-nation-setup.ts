import { createFieldNationClient } from '../../src/clients/field-nation';
import type { FieldNationClient, FieldNationClientOptions } from '../../src/clients/field-nation';
import type { Reply, ScriptedServer, SeenRequest } from './scripted-server';

export const credentials = {
  clientId: 'client-1',
  clientSecret: 'CANARY-client-secret',
  username: 'CANARY-user@acme.example',
  password: 'CANARY-password+&%',
};

export const TOKEN_PATH = '/authentication/api/oauth/token';

export function tokenReply(token: string, expiresIn: unknown = 3600): Reply {
  return {
    json: { access_token: token, expires_in: expiresIn, token_type: 'Bearer', refresh_token: 'CANARY-refresh' },
  };
}

/** Answers token requests with `CANARY-token-1`, `-2` …, and everything else by `api` in order, the last one repeating. */
export function answerWithTokens(server: ScriptedServer, ...api: Reply[]): void {
  let tokens = 0;
  let calls = 0;
  server.handle(({ path }) =>
    path.endsWith(TOKEN_PATH)
      ? tokenReply(`CANARY-token-${++tokens}`)
      : (api[Math.min(calls++, api.length - 1)] ?? { status: 599 }),
  );
}

export const tokenRequests = (server: ScriptedServer): SeenRequest[] =>
  server.seen.filter((request) => request.path.endsWith(TOKEN_PATH));
export const apiRequests = (server: ScriptedServer): SeenRequest[] =>
  server.seen.filter((request) => !request.path.endsWith(TOKEN_PATH));

export function clientFor(server: ScriptedServer, options: Partial<FieldNationClientOptions> = {}): FieldNationClient {
  return createFieldNationClient({ baseUrl: `${server.url}/field-nation`, credentials, timeoutMs: 60_000, ...options });
}
