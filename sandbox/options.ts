import type { SandboxControl } from './control-types';
import type { HistoryEntry } from './history';

/** How a sandbox is started; nothing is read from the environment. */
export interface SandboxOptions {
  /** 0 = any free one. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Journal of the state (JSON lines); null keeps it in memory only. */
  dataFile: string | null;
  /** Freshdesk account, e.g. `acme`. */
  account: string;
  freshdeskApiKey: string;
  fieldNation: FieldNationCredentials;
  /** Where webhooks go; null = none are sent. */
  deskbridgeUrl: string | null;
  freshdeskWebhookSecret: string;
  fieldNationWebhookSecret: string;
  /** Lets people send product events from the page; without it they cannot. */
  eventsWriteKey?: string;
  /** Opens the control over HTTP, and proves whose sandbox this is. Without it nobody controls it from outside. */
  controlKey?: string;
  /** False: no control over HTTP, with or without key. */
  control?: boolean;
  /** Divides all retry delays of webhook deliveries (default 1). */
  timeScale?: number;
  log?: (message: string, fields: Record<string, unknown>) => void;
  watch?: RequestWatcher;
}

/**
 * Asked about every request when it has arrived and when its effect is stored; the request goes on when the watcher has
 * answered. `cut` ends the connection there and then.
 */
export type RequestWatcher = (
  request: HistoryEntry,
  moment: 'arrived' | 'done',
) => 'go' | 'cut' | Promise<'go' | 'cut'>;

export interface FieldNationCredentials {
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
}

/** A running sandbox. */
export interface Sandbox {
  url: string;
  /** To be used as FRESHDESK_BASE_URL. */
  freshdeskUrl: string;
  /** To be used as FIELD_NATION_BASE_URL. */
  fieldNationUrl: string;
  control: SandboxControl;
  /** Deliveries that wait go to the new address; null keeps them waiting and sends no new ones. */
  setDeskbridgeUrl(url: string | null): void;
  stop(): Promise<void>;
}

/** Which of the two fakes a request, a fault or a webhook belongs to. */
export type System = 'freshdesk' | 'field-nation';
