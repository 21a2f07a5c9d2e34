import type { Download, FetchLimits } from '../fetch-file';
import type { CallHook, TransportOptions } from '../http-types';
import type { CustomFieldDefinition } from './custom-fields';
import type { ListWorkOrdersInput, MessageInput, UploadInput, WorkOrderPatch, WorkOrderPayload } from './inputs';
import type { AttachmentFolder, Message, Person, Routing, TypeOfWork, WorkOrder } from './schemas';
import type {
  DeliveryLog,
  DeliveryLogsInput,
  ListWebhooksInput,
  Webhook,
  WebhookInput,
  WebhookPatch,
} from './webhook-types';

/** Threads of a work order; `pages` is 1 where Field Nation doesn't say. */
export interface MessagePage {
  messages: Message[];
  pages: number;
}

/** For the password grant (contract 2.1). The user's identity owns work orders and messages. */
export interface FieldNationCredentials {
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
}

export interface FieldNationClientOptions {
  /** Root without `/api/rest/v2`; may carry a path prefix. */
  baseUrl: string;
  /** Null: every call is refused before it is sent. */
  credentials: FieldNationCredentials | null;
  /** Host names from which files may be fetched too, over https. */
  fileHosts?: readonly string[];
  /** Per call, including the body; 20 s by default. */
  timeoutMs?: number;
  admit?: TransportOptions['admit'];
  onCall?: CallHook;
  onHeaders?: TransportOptions['onHeaders'];
  /** The clock for the token's lifetime, ms; `Date.now` by default. */
  now?: () => number;
}

/** One page of work orders; `total` and `pages` fall back to what the page itself shows. */
export interface WorkOrderPage {
  total: number;
  pages: number;
  results: WorkOrder[];
}

export interface WebhookPage {
  total: number;
  results: Webhook[];
}

/**
 * Field Nation REST v2 and webhook management. No retries but one: an answer 401 (or 400 about the token) is repeated
 * once with a new token, which is safe since such an answer means that nothing was done. Throws `UpstreamError` or, when
 * the caller's signal aborts, the signal's reason. Without a token the phase is `not-sent` and `status` tells why.
 */
export interface FieldNationClient {
  /** Makes a draft. Not idempotent: after `no-answer` or `unreadable`, look it up before repeating (contract 9). */
  createWorkOrder(payload: WorkOrderPayload, signal?: AbortSignal): Promise<WorkOrder>;
  viewWorkOrder(id: number, signal?: AbortSignal): Promise<WorkOrder>;
  /** A technician or one of the buyer's people (contract 13): the only place that tells an e-mail address. */
  viewUser(id: number, signal?: AbortSignal): Promise<Person>;
  /** Null: done, but the answer held no work order. */
  updateWorkOrder(id: number, patch: WorkOrderPatch, signal?: AbortSignal): Promise<WorkOrder | null>;
  /** Null: done, but the answer held no work order. */
  publishWorkOrder(id: number, signal?: AbortSignal): Promise<WorkOrder | null>;
  /** A published or routed order becomes a draft again. Null: done, but the answer held no work order. */
  revertWorkOrder(id: number, signal?: AbortSignal): Promise<WorkOrder | null>;
  /** Null: done, but the answer held no routing. */
  routeWorkOrder(id: number, providerId: number, signal?: AbortSignal): Promise<Routing | null>;
  /** Field Nation carries it out later: whether the order is out, only the order tells. */
  massRouteWorkOrder(id: number, providerIds: readonly number[], signal?: AbortSignal): Promise<unknown>;
  /** Null: done, but the answer held no work order. The resulting status is not documented. */
  deleteWorkOrder(id: number, reason: string, signal?: AbortSignal): Promise<WorkOrder | null>;
  /** Never saves nor uses saved filters. A page with an unreadable order is an error, not a shorter page. */
  listWorkOrders(input: ListWorkOrdersInput, signal?: AbortSignal): Promise<WorkOrderPage>;
  /** Newest first; pages count from 1. */
  messages(id: number, page?: number, signal?: AbortSignal): Promise<MessagePage>;
  /** Answers the thread's first page, not only the new message. */
  postMessage(id: number, input: MessageInput, signal?: AbortSignal): Promise<MessagePage>;
  attachments(id: number, signal?: AbortSignal): Promise<AttachmentFolder[]>;
  /** Null: done, but the answer held no work order. */
  uploadAttachment(id: number, input: UploadInput, signal?: AbortSignal): Promise<WorkOrder | null>;
  customFieldDefinitions(signal?: AbortSignal): Promise<CustomFieldDefinition[]>;
  typesOfWork(signal?: AbortSignal): Promise<TypeOfWork[]>;
  listWebhooks(input?: ListWebhooksInput, signal?: AbortSignal): Promise<WebhookPage>;
  createWebhook(input: WebhookInput, signal?: AbortSignal): Promise<Webhook>;
  updateWebhook(webhookId: string, patch: WebhookPatch, signal?: AbortSignal): Promise<Webhook>;
  deliveryLogs(input: DeliveryLogsInput, signal?: AbortSignal): Promise<DeliveryLog[]>;
  /** Begins to fetch a file from its link, without the token; throws `FetchFileError`. */
  openFile(address: string, limits: FetchLimits): Promise<Download>;
  close(): Promise<void>;
}
