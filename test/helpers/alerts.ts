/** Somebody who receives alerts over HTTP, and a watch that looks several times a second. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertsMemo } from '../../src/contract/alerts';
import { ensureAlerts } from '../../src/temporal/alerts';
import { DEADLINE_MS, type Stack } from './stack';
import { until } from './until';

export interface Message {
  headers: Record<string, string | string[] | undefined>;
  raw: string;
  id: string;
  text: string;
  raised: { kind: string; title: string; remedy: string; ticketId: number | null; page: string }[];
  resolved: { kind: string; title: string }[];
}

export interface Receiver {
  url: string;
  /** Every post, the refused ones too. */
  posts: Message[];
  taken: Message[];
  answerWith(status: number): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const posts: Message[] = [];
  const taken: Message[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const { text, data } = JSON.parse(raw);
      const message = { headers: request.headers, raw, id: String(request.headers['webhook-id']), text, ...data };
      posts.push(message);
      if (status < 300) taken.push(message);
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posts,
    taken,
    answerWith: (next) => void (status = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface WatchDesk {
  memo(): Promise<AlertsMemo | null>;
  details(): Promise<string>;
  /** Waits for looks that begin from now on. */
  looks(count: number): Promise<void>;
}

/** Continues as new every few looks: what it remembers is carried all the time. */
export async function watchOf(stack: Stack, every = 200, turnsPerRun = 4): Promise<WatchDesk> {
  const { client, account } = stack;
  await ensureAlerts({ client, account, policy: { every, turnsPerRun }, deadlineMs: DEADLINE_MS });
  const handle = client.workflow.getHandle(`alerts-${account}`);
  const memo = async (): Promise<AlertsMemo | null> =>
    ((await handle.describe()).memo?.alerts as AlertsMemo | undefined) ?? null;
  return {
    memo,
    details: async () =>
      (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '',
    looks: async (count) => {
      for (let seen = 0; seen < count; seen++) {
        const before = (await memo())?.checkedAt;
        await until('another look', async () => {
          const now = (await memo())?.checkedAt;
          return now !== undefined && now !== before;
        });
      }
    },
  };
}
