/** The sandbox's control, over HTTP: what people do there, what the upstreams were asked, and how late they answer. */
import { request } from 'undici';
import { createFieldNationClient } from '../src/clients/field-nation';
import type { GeneratedSecrets } from '../src/config/generated-secrets';
import { sandboxCredentials, type Runtime, type SandboxAddress } from '../src/runtime';

export interface CallCount {
  system: string;
  route: string;
  status: number;
  count: number;
}

export interface HistoryEntry {
  at: string;
  system: string;
  route: string;
  path: string;
  status: number | null;
  credits: number;
  body: Record<string, unknown> | null;
}

export type Json = Record<string, unknown>;

export interface SandboxClient {
  /** How often each route was answered with each status. */
  calls(): Promise<CallCount[]>;
  /** The newest 100,000 requests. */
  history(): Promise<HistoryEntry[]>;
  clearHistory(): Promise<void>;
  /** From now on every call is answered so much later. */
  slowDown(ms: number): Promise<void>;
  /** Freshdesk sends no webhooks by itself any more, Field Nation only those of these events. */
  sendOnly(events: string[]): Promise<void>;
  /** From now on Freshdesk refuses what passes its quota. */
  limit(perMinute: number, window: 'fixed' | 'sliding'): Promise<void>;
  /** Gives its id. */
  newTicket(ticket: Json): Promise<number>;
  /** Plays the technician; gives the work order as webhooks carry it. */
  act(workOrderId: number, action: string): Promise<Json>;
}

export function sandboxClient(
  { url, fieldNationUrl, controlKey }: SandboxAddress,
  secrets: GeneratedSecrets,
): SandboxClient {
  const call = async <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> => {
    const { statusCode, body: answer } = await request(`${url}/sandbox/api${path}`, {
      method,
      headers: { authorization: `Bearer ${controlKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`The sandbox answered ${method} ${path} with ${statusCode}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    calls: () => call('GET', '/calls'),
    history: () => call('GET', '/history'),
    clearHistory: () => call('DELETE', '/history'),
    slowDown: async (delayMs) => {
      for (const system of ['freshdesk', 'field-nation'])
        await call('POST', '/faults', { system, kind: 'slow', delayMs });
    },
    sendOnly: async (events) => {
      // Tickets that have been there a while: Freshdesk's system has set their due dates.
      await call('PATCH', '/knobs', { freshdesk: { rulesEnabled: false, dueDates: 'atBirth' } });
      const credentials = sandboxCredentials({ secrets } as Runtime);
      const fieldNation = createFieldNationClient({ baseUrl: fieldNationUrl, credentials });
      const { results } = await fieldNation.listWebhooks();
      for (const { webhookId } of results) await fieldNation.updateWebhook(webhookId ?? '', { events });
      await fieldNation.close();
    },
    limit: (quotaPerMinute, quotaWindow) => call('PATCH', '/knobs', { freshdesk: { quotaPerMinute, quotaWindow } }),
    newTicket: async (ticket) => Number((await call<Json>('POST', '/tickets', ticket)).id),
    act: (workOrderId, action) => call('POST', `/work-orders/${workOrderId}/actions`, { action }),
  };
}
