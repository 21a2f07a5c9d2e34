import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxOptions } from '../../sandbox';

export const SECRET = '6a0f4f52-1111-4222-8333-444455556666';

const OPTIONS: SandboxOptions = {
  port: 0,
  dataFile: null,
  account: 'acme',
  freshdeskApiKey: 'test-key',
  fieldNation: { clientId: 'id', clientSecret: 'secret', username: 'api', password: 'pass' },
  deskbridgeUrl: null,
  freshdeskWebhookSecret: 'rule-secret',
  fieldNationWebhookSecret: SECRET,
  controlKey: 'control-key',
};

export const start = (options: Partial<SandboxOptions> = {}): Promise<Sandbox> =>
  startSandbox({ ...OPTIONS, ...options });

/** Whatever came; the tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

async function call(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  return { status: response.status, headers: response.headers, text, json };
}

const jsonInit = (method: string, body: unknown, headers: Record<string, string>): RequestInit =>
  body === undefined
    ? { method, headers }
    : { method, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };

/** Calls the Freshdesk API with a key, the right one by default. */
export const freshdesk = (
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  key = 'test-key',
): Promise<Reply> =>
  call(
    `${sandbox.freshdeskUrl}/api/v2${path}`,
    jsonInit(method, body, { Authorization: `Basic ${Buffer.from(`${key}:X`).toString('base64')}` }),
  );

export async function token(sandbox: Sandbox): Promise<string> {
  const reply = await call(
    `${sandbox.fieldNationUrl}/authentication/api/oauth/token`,
    jsonInit(
      'POST',
      { grant_type: 'password', client_id: 'id', client_secret: 'secret', username: 'api', password: 'pass' },
      {},
    ),
  );
  return reply.json.access_token;
}

/** Calls the Field Nation REST API with a token in the query. */
export const fieldNation = (
  sandbox: Sandbox,
  accessToken: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> => {
  const joint = path.includes('?') ? '&' : '?';
  return call(
    `${sandbox.fieldNationUrl}/api/rest/v2${path}${joint}access_token=${accessToken}`,
    jsonInit(method, body, {}),
  );
};

export const control = (
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  key = 'control-key',
): Promise<Reply> =>
  call(`${sandbox.url}/sandbox/api${path}`, jsonInit(method, body, { Authorization: `Bearer ${key}` }));

export const get = (url: string, headers: Record<string, string> = {}): Promise<Reply> => call(url, { headers });
export const send = call;

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  json: Json;
}

/** A receiver of webhooks that answers with the given statuses in turn, the last one for ever. */
export async function receiver(
  ...statuses: number[]
): Promise<{ url: string; received: Received[]; close: () => Promise<void> }> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      res.statusCode = statuses[Math.min(received.length, statuses.length - 1)] ?? 202;
      received.push({ path: req.url ?? '', headers: req.headers, body, json: JSON.parse(body) });
      res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until something holds, with a deadline. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A body that can be published. */
export const completeOrder = (title = 'Ticket 1: replace printer'): Record<string, unknown> => ({
  title,
  description: { html: '<p>Swap the printer. FD-acme-1-1</p>' },
  types_of_work: [{ id: 62, isPrimary: true }],
  location: { mode: 'custom', address1: '200 Elm Ave', city: 'Duluth', state: 'MN', zip: '55802', country: 'US' },
  schedule: {
    service_window: { mode: 'between', start: { utc: '2027-03-02 15:00:00' }, end: { utc: '2027-03-02 19:00:00' } },
  },
  pay: { type: 'fixed', base: { amount: 150, units: 1 } },
  custom_fields: { results: [{ results: [{ id: 129, value: 'FD-acme-1-1' }] }] },
});
