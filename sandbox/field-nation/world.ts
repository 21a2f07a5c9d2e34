import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock';
import type { DeliveryQueue } from '../deliveries';
import type { Knobs } from '../knobs';
import type { FieldNationCredentials } from '../options';
import { SearchIndex } from '../search-index';
import type { Collection, Store } from '../store';
import { FieldNationRefusal } from './errors';
import { OrderIndex } from './order-index';
import type { Message, Webhook, WorkOrder } from './types';
import { EVENT_NAMES } from './event-names';

export interface FieldNationParts {
  store: Store;
  clock: SandboxClock;
  knobs: Knobs;
  deliveries: DeliveryQueue;
  random: () => number;
  credentials: FieldNationCredentials;
  webhookSecret: string;
}

interface WebhookChange {
  id: number;
  webhookId: string;
  action: string;
  at: number;
}

interface FileContent {
  id: number;
  base64: string;
}

/** `form` tells which parts of the order are in the text. */
interface SearchText {
  form: string;
  text: string;
}

/** A token as it is kept. */
export interface Token {
  token: string;
  expiresAt: number;
}

/** The records of the Field Nation company and what its modules share. */
export class FieldNationWorld {
  readonly clock: SandboxClock;
  readonly deliveries: DeliveryQueue;
  readonly orders: Collection<WorkOrder>;
  readonly messages: Collection<Message>;
  readonly contents: Collection<FileContent>;
  readonly webhooks: Collection<Webhook>;
  readonly webhookHistory: Collection<WebhookChange>;
  readonly tokens: Collection<Token>;
  readonly index: SearchIndex<WorkOrder>;
  readonly orderIndex = new OrderIndex((id) => this.orders.get(id)?.createdAt ?? 0);
  /** What `f_search` looks into, by order as it is now: made anew for each search, 20,000 orders take a fifth of a second. */
  readonly searchTexts = new WeakMap<WorkOrder, SearchText>();
  /** Filters that `sticky=true` has saved; applied when `list` is omitted (section 9). */
  savedFilters: URLSearchParams | null = null;
  /** Root of links, known once the server listens. */
  root = '';
  /** Messages of an order, oldest first. */
  private readonly threads = new Map<number, number[]>();

  constructor(readonly parts: FieldNationParts) {
    const { store, clock } = parts;
    this.clock = clock;
    this.deliveries = parts.deliveries;
    this.orders = store.collection<WorkOrder>('orders', (order) => order.id);
    this.messages = store.collection<Message>('messages', (message) => message.id);
    this.contents = store.collection<FileContent>('contents', (content) => content.id);
    this.webhooks = store.collection<Webhook>('webhooks', (webhook) => webhook.webhookId);
    this.webhookHistory = store.collection<WebhookChange>('webhook-history', (entry) => entry.id);
    this.tokens = store.collection<Token>('tokens', (token) => token.token);
    this.index = new SearchIndex<WorkOrder>(clock, () => this.knobs.searchLagMs);
    for (const { id, orderId } of this.messages.all()) this.thread(orderId).push(id);
    for (const order of this.orders.all()) this.orderIndex.note(order);
    this.ensureDefaultWebhook();
  }

  get knobs(): Knobs['fieldNation'] {
    return this.parts.knobs.fieldNation;
  }

  now(): number {
    return this.clock.now();
  }

  nextId(sequence: string, first: number): number {
    return this.parts.store.nextId(sequence, first);
  }

  order(id: string | number | undefined): WorkOrder {
    const order = this.orders.get(id ?? '');
    if (order === undefined || (order.status.id === 10 && !this.knobs.deletedReadable)) {
      throw new FieldNationRefusal(this.knobs.unknownOrderStatus, 'Work order was not found.');
    }
    return order;
  }

  saveOrder(order: WorkOrder): WorkOrder {
    order.updatedAt = this.now();
    this.orders.save(order);
    this.index.note(order.id, order);
    this.orderIndex.note(order);
    this.searchTexts.delete(order);
    return order;
  }

  addMessage(message: Message): Message {
    this.messages.save(message);
    this.thread(message.orderId).push(message.id);
    return message;
  }

  messagesOf(orderId: number): Message[] {
    return this.thread(orderId).flatMap((id) => this.messages.get(id) ?? []);
  }

  private thread(orderId: number): number[] {
    let ids = this.threads.get(orderId);
    if (ids === undefined) this.threads.set(orderId, (ids = []));
    return ids;
  }

  /** The one that leads to Deskbridge. Its secret may have changed since the journal was written. */
  private ensureDefaultWebhook(): void {
    const known = this.webhooks.all().find((webhook) => webhook.id === 1);
    if (known !== undefined) {
      this.webhooks.save({ ...known, secret: this.parts.webhookSecret });
      return;
    }
    this.webhooks.save({
      ...this.newWebhook(),
      webhookId: '0b6f3a52-7c1d-4e6b-9a55-3f1f0c7d2e10',
      url: '{deskbridge}/webhooks/field-nation',
      secret: this.parts.webhookSecret,
      events: [...EVENT_NAMES],
    });
  }

  /** One that leads nowhere yet; not stored. */
  newWebhook(): Webhook {
    const now = this.now();
    return {
      id: this.nextId('webhooks', 1),
      webhookId: randomUUID(),
      url: '',
      method: 'post',
      status: 'active',
      secret: randomUUID(),
      events: [],
      notificationEmail: null,
      isIntegrationOnly: false,
      headers: {},
      createdAt: now,
      updatedAt: now,
      succeeded: 0,
      attempted: 0,
      failingSince: null,
    };
  }
}
