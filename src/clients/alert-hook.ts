/**
 * Posts alerts to the one address of the config, signed as Standard Webhooks says (standardwebhooks.com). Promise: one
 * call, to that host only – redirects are not followed –, ended in time; nothing of the address or the answer's body gets
 * into messages, since both may hold a token.
 */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';

export interface AlertHook {
  /** Null when it was taken; else why not, in words. */
  post(message: { url: string; id: string; body: string }, signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

export interface AlertHookOptions {
  /** Of the setting `ALERTS_WEBHOOK_SECRET`; null: unsigned. */
  secret: Buffer | null;
  timeoutMs?: number;
  now?: () => number;
}

const TIMEOUT_MS = 10_000;

export function createAlertHook({ secret, timeoutMs = TIMEOUT_MS, now = Date.now }: AlertHookOptions): AlertHook {
  const agent = new Agent({ connections: 1, connect: { timeout: timeoutMs } });
  return {
    async post({ url, id, body }, signal) {
      const timestamp = String(Math.floor(now() / 1000));
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        ...(secret ? { 'webhook-signature': signatureOf(secret, id, timestamp, body) } : {}),
      };
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal: deadline });
        await answer.body.dump();
        const { statusCode } = answer;
        return statusCode >= 200 && statusCode < 300 ? null : `answered ${statusCode}`;
      } catch (error) {
        if (signal.aborted) throw error;
        const { code, name } = error as { code?: unknown; name?: string };
        const why = typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : name;
        return `could not be reached (${why})`;
      }
    },
    close: () => agent.close(),
  };
}

/** `v1,<base64 of the HMAC-SHA256 of id.timestamp.body>` */
export const signatureOf = (secret: Buffer, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
