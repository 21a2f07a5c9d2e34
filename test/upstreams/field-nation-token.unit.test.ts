import { inspect } from 'node:util';
import type { FieldNationClient, FieldNationClientOptions } from '../../src/clients/field-nation';
import type { UpstreamCall } from '../../src/clients/http-types';
import { caught } from './caught';
import {
  TOKEN_PATH,
  answerWithTokens,
  apiRequests,
  clientFor,
  credentials,
  tokenReply,
  tokenRequests,
} from './field-nation-setup';
import { hangUp, silence, startScriptedServer } from './scripted-server';
import type { Reply, ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let clients: FieldNationClient[] = [];
let clock = 0;

const order = { json: { id: 901234, title: 'x' } };
const unauthorized: Reply = {
  status: 401,
  json: { title: 'Unauthorized', code: 'AUTHENTICATION_REQUIRED', detail: 'x' },
};

beforeEach(async () => {
  server = await startScriptedServer();
  clock = 1_000_000;
});
afterEach(async () => {
  await server.close();
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
});

function client(options: Partial<FieldNationClientOptions> = {}): FieldNationClient {
  const made = clientFor(server, { now: () => clock, ...options });
  clients.push(made);
  return made;
}

describe('the token', () => {
  it('comes from a password grant in JSON and goes along in the query', async () => {
    answerWithTokens(server, order);
    await client().viewWorkOrder(901234);
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: `/field-nation${TOKEN_PATH}` });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      grant_type: 'password',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      username: credentials.username,
      password: credentials.password,
    });
    expect(server.seen[1]?.path).toBe('/field-nation/api/rest/v2/workorders/901234');
    expect(server.seen[1]?.query.get('access_token')).toBe('CANARY-token-1');
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
  });

  it('goes along as Bearer in webhook management', async () => {
    answerWithTokens(server, { json: { metadata: {}, result: [] } });
    await client().listWebhooks();
    expect(server.seen[1]?.path).toBe('/field-nation/api/v1/webhooks');
    expect(server.seen[1]?.headers.authorization).toBe('Bearer CANARY-token-1');
    expect(server.seen[1]?.url).not.toContain('CANARY');
  });

  it('is asked for once by many calls at a time', async () => {
    answerWithTokens(server, order);
    const fn = client();
    await Promise.all(Array.from({ length: 20 }, () => fn.viewWorkOrder(1)));
    expect(tokenRequests(server)).toHaveLength(1);
  });

  it('is kept until a minute before its end', async () => {
    answerWithTokens(server, order);
    const fn = client();
    await fn.viewWorkOrder(1);
    clock += 3_539_000;
    await fn.viewWorkOrder(1);
    expect(tokenRequests(server)).toHaveLength(1);
    clock += 1_000;
    await fn.viewWorkOrder(1);
    expect(tokenRequests(server)).toHaveLength(2);
  });

  it('is not lost to the others when one caller aborts its wait', async () => {
    server.handle(({ path }) =>
      path.endsWith(TOKEN_PATH)
        ? (response) => void setTimeout(() => response.end('{"access_token":"CANARY-token-1"}'), 80)
        : order,
    );
    const fn = client();
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const first = fn.viewWorkOrder(1, controller.signal);
    const second = fn.viewWorkOrder(2, new AbortController().signal);
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect((await second).id).toBe(901234);
    expect(tokenRequests(server)).toHaveLength(1);
  });
});

describe('a refused token', () => {
  it.each<[string, Reply]>([
    ['401', unauthorized],
    ['an older 401', { status: 401, json: { error: 'invalid_token' } }],
    ['an empty 401', { status: 401 }],
    ['a 400 about the token', { status: 400, json: { status: 400, message: 'The access token has expired' } }],
  ])('after %s is replaced, and the call repeated once, a create too', async (_, refusal) => {
    answerWithTokens(server, refusal, order);
    expect((await client().createWorkOrder({ title: 'x' })).id).toBe(901234);
    expect(apiRequests(server).map((request) => request.query.get('access_token'))).toEqual([
      'CANARY-token-1',
      'CANARY-token-2',
    ]);
  });

  it('is replaced once for many calls at a time', async () => {
    let tokens = 0;
    server.handle(({ path, query }) => {
      if (path.endsWith(TOKEN_PATH)) return tokenReply(`CANARY-token-${++tokens}`);
      return query.get('access_token') === 'CANARY-token-1' ? unauthorized : order;
    });
    const fn = client();
    await Promise.all(Array.from({ length: 10 }, () => fn.viewWorkOrder(1)));
    expect(tokenRequests(server)).toHaveLength(2);
  });

  it('is final the second time', async () => {
    answerWithTokens(server, unauthorized);
    const error = await caught(client().viewWorkOrder(1));
    expect(error).toMatchObject({ phase: 'answered', status: 401, code: 'AUTHENTICATION_REQUIRED' });
    expect(apiRequests(server)).toHaveLength(2);
  });

  it('is not suspected in other 400 answers', async () => {
    answerWithTokens(server, { status: 400, json: { status: 400, message: 'can not publish' } });
    expect((await caught(client().publishWorkOrder(1))).status).toBe(400);
    expect(apiRequests(server)).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['lost answers', hangUp],
    ['server errors', { status: 503 }],
    ['limits', { status: 429 }],
  ])('is the only reason to repeat: %s are not', async (_, reply) => {
    answerWithTokens(server, reply, order);
    await caught(client().createWorkOrder({ title: 'x' }));
    expect(apiRequests(server)).toHaveLength(1);
  });
});

describe('a failing token request', () => {
  it.each<[string, Reply, object]>([
    ['{ status_code, message }', { status: 401, json: { status_code: 401, message: 'Bad client' } }, { status: 401 }],
    [
      '{ error, error_description }',
      { status: 400, json: { error: 'invalid_grant', error_description: 'Bad user' } },
      { status: 400, code: 'invalid_grant' },
    ],
    ['a limit', { status: 429, headers: { 'retry-after': '7' } }, { status: 429, retryAfterMs: 7000 }],
    ['no answer', hangUp, { status: null }],
    ['silence', silence, { status: null }],
    ['HTML', { body: '<html></html>' }, { status: 200 }],
    ['no token', { json: { access_token: '' } }, { status: 200 }],
  ])('means not-sent and tells why: %s', async (_, reply, expected) => {
    server.reply(reply);
    const error = await caught(
      client({ timeoutMs: reply === silence ? 3_000 : 60_000 }).createWorkOrder({ title: 'x' }),
    );
    expect(error).toMatchObject({ phase: 'not-sent', call: 'POST /workorders', ...expected });
    expect(error.message).toContain('no access token');
    expect(server.seen).toHaveLength(1);
  });

  it('is tried anew by the next call', async () => {
    server.reply({ status: 503 }, tokenReply('CANARY-token-1', '3600'), order);
    const fn = client();
    await caught(fn.viewWorkOrder(1));
    expect((await fn.viewWorkOrder(1)).id).toBe(901234);
  });
});

describe('secrets', () => {
  it('never stand in an error or a call report, even when the answer echoes them', async () => {
    const echo = `/workorders?access_token=CANARY-token-1&x Bearer CANARY-token-1 ${Object.values(credentials).join(' ')}`;
    const calls: UpstreamCall[] = [];
    const fn = client({ onCall: (call) => calls.push(call), timeoutMs: 200 });
    const replies: Reply[] = [
      { status: 500, body: echo },
      { status: 400, json: { title: echo, detail: encodeURIComponent(echo), code: echo, correlationId: echo } },
      { status: 422, json: { code: 'x', message: echo, fields: { [echo]: echo } } },
      hangUp,
      silence,
      { body: echo },
    ];
    answerWithTokens(server, ...replies);
    for (const _ of replies) {
      const error = await caught(fn.createWorkOrder({ title: 'x' }));
      for (const text of [inspect(error, { depth: 10 }), JSON.stringify(error), error.stack]) {
        expect(text).not.toContain('CANARY');
      }
      expect(error.cause).toBeUndefined();
    }
    expect(JSON.stringify(calls)).not.toContain('CANARY');
  });

  it('never stand in the error of a connection that fails', async () => {
    answerWithTokens(server, order);
    const fn = client();
    await fn.viewWorkOrder(1);
    await server.close();
    const error = await caught(fn.viewWorkOrder(1));
    expect(inspect(error, { depth: 10 })).not.toContain('CANARY');
  });
});
