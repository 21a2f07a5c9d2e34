/** Every route that reads a body, with the credential that opens it: what is abused is the body, not the door. */
import { FRESHDESK_SECRET, sign, WRITE_KEY } from './app-server';

export const TOKEN = 'canary-admin-token';

export interface BodyRoute {
  path: string;
  /** Bytes that a body may have. */
  limit: number;
  /** A body that is taken; `extra` are more members of its object, as JSON text. */
  body(extra?: string): string;
  /** Credential and content type. */
  headers(body: Buffer): Record<string, string>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const withExtra = (members: string, extra: string): string => `{${members}${extra === '' ? '' : `,${extra}`}}`;
const operator = (path: string, limit: number, members: string): BodyRoute => ({
  path,
  limit,
  body: (extra = '') => withExtra(members, extra),
  headers: () => ({ ...JSON_TYPE, authorization: `Bearer ${TOKEN}` }),
});
const sender = (call: string, limit: number, members: string): BodyRoute => ({
  path: `/v1/${call}`,
  limit,
  body: (extra = '') => withExtra(members, extra),
  headers: () => ({ ...JSON_TYPE, authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}` }),
});

const WEBHOOK = 1_000_000;
const EVENT = 32_000;

export const INTAKE: readonly BodyRoute[] = [
  {
    path: '/webhooks/freshdesk',
    limit: WEBHOOK,
    body: (extra = '') => withExtra('"ticket_id":4711', extra),
    headers: () => ({ ...JSON_TYPE, 'x-webhook-secret': FRESHDESK_SECRET }),
  },
  {
    path: '/webhooks/field-nation',
    limit: WEBHOOK,
    body: (extra = '') => withExtra('"event":{"name":"workorder.status.assigned"},"workorder":{"id":77}', extra),
    headers: (body) => ({ ...JSON_TYPE, 'x-fn-signature': sign(body) }),
  },
  sender('identify', EVENT, '"userId":"u1","traits":{"email":"a@b.example","marketing_consent":true}'),
  sender('track', EVENT, '"userId":"u1","event":"Signed Up","traits":{"marketing_consent":true}'),
  ...['page', 'screen', 'group', 'alias'].map((call) => sender(call, EVENT, '"userId":"u1"')),
  sender('batch', 500_000, '"batch":[{"type":"track","userId":"u1","event":"Signed Up"}]'),
];

export const OPERATOR: readonly BodyRoute[] = [
  operator('/api/dispatches', WEBHOOK, '"ticket_id":7'),
  operator('/api/dispatches/7/cancel', WEBHOOK, '"reason":"x"'),
  operator('/api/mapping/preview', WEBHOOK, '"ticket_id":7'),
  operator('/codec/encode', 8_000_000, '"payloads":[]'),
  operator('/codec/decode', 8_000_000, '"payloads":[]'),
];

export const ROUTES: readonly BodyRoute[] = [...INTAKE, ...OPERATOR];
