import { setMaxListeners } from 'node:events';

import { Agent, request } from 'undici';

import type { SandboxClock } from './clock';
import type { Delivery, DeliveryOutcome, DeliveryPolicy, NewDelivery } from './delivery-types';
import type { System } from './options';
import { shuffled } from './random';
import type { Collection, Store } from './store';

const PARALLEL = 16;
const CLOSED_KEPT = 2000;
const DESKBRIDGE = '{deskbridge}';

interface QueueParts {
  store: Store;
  clock: SandboxClock;
  random: () => number;
  timeScale: number;
  deskbridgeUrl: string | null;
  log: (message: string, fields: Record<string, unknown>) => void;
}

/**
 * Webhook calls that are due, wait for a retry, or are held back. Waiting ones are records, so they go on after a
 * restart. One subject's deliveries leave one after the other, in their order; different subjects go in parallel.
 */
export class DeliveryQueue {
  private readonly records: Collection<Delivery>;
  private readonly open = new Map<string, Delivery>();
  private readonly closed: string[] = [];
  private readonly busy = new Set<string>();
  private readonly held = new Set<System>();
  private readonly policies = new Map<System, DeliveryPolicy>();
  private readonly agent = new Agent({ connect: { timeout: 5000 } });
  private readonly aborter = new AbortController();
  private watchers: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private deskbridgeUrl: string | null;

  constructor(private readonly parts: QueueParts) {
    this.deskbridgeUrl = parts.deskbridgeUrl;
    // Each call under way listens to it, some with several ears.
    setMaxListeners(PARALLEL * 4, this.aborter.signal);
    this.records = parts.store.collection<Delivery>('deliveries', (delivery) => delivery.id);
    for (const delivery of this.records.all()) {
      if (isOpen(delivery)) this.open.set(delivery.id, delivery);
      else this.closed.push(delivery.id);
    }
    parts.clock.onAdvance(() => this.wake());
  }

  setPolicy(system: System, policy: DeliveryPolicy): void {
    this.policies.set(system, policy);
  }

  setDeskbridgeUrl(url: string | null): void {
    this.deskbridgeUrl = url;
    this.wake();
  }

  /** Root of the web server that webhooks go to; null while none is known. */
  deskbridge(): string | null {
    return this.resolve(DESKBRIDGE);
  }

  /** The address behind a target; null while nobody is there. */
  resolve(target: string): string | null {
    if (!target.startsWith(DESKBRIDGE)) return target;
    return this.deskbridgeUrl === null ? null : this.deskbridgeUrl.replace(/\/$/, '') + target.slice(DESKBRIDGE.length);
  }

  /** Takes a webhook call in; null when its target is Deskbridge and no address of it is known. */
  add(delivery: NewDelivery): Delivery | null {
    if (this.resolve(delivery.target) === null) return null;
    const now = this.parts.clock.now();
    const record: Delivery = {
      ...delivery,
      id: this.parts.store.nextId('delivery', 1).toString(),
      attempt: 0,
      state: this.held.has(delivery.system) ? 'held' : 'waiting',
      dueAt: now + delivery.delayMs,
      createdAt: now,
      lastStatus: null,
      lastError: null,
    };
    this.records.save(record);
    this.open.set(record.id, record);
    this.wake();
    return record;
  }

  get(id: string): Delivery | undefined {
    return this.records.get(id);
  }

  list(): Delivery[] {
    return this.records.all();
  }

  /** New deliveries of a system are kept back until they are released. Those that wait are held too. */
  hold(system: System): void {
    this.held.add(system);
    for (const delivery of this.open.values()) {
      if (delivery.system === system && delivery.state === 'waiting') this.change(delivery, { state: 'held' });
    }
  }

  release(system: System, order: 'created' | 'reversed' | 'shuffled'): void {
    this.held.delete(system);
    const held = [...this.open.values()].filter((d) => d.system === system && d.state === 'held');
    const inOrder =
      order === 'created' ? held : order === 'reversed' ? held.reverse() : shuffled(held, this.parts.random);
    for (const delivery of inOrder) {
      // The map's order is the order of sending.
      this.open.delete(delivery.id);
      this.open.set(delivery.id, delivery);
      this.change(delivery, { state: 'waiting', dueAt: this.parts.clock.now() });
    }
    this.wake();
  }

  /** Sends what is due, soon: never inside the caller's own step of the state. */
  wake(): void {
    if (this.stopped) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pump(), 0);
  }

  /** Resolves when nothing is being sent or due; with `retries`, when nothing waits for a retry either. */
  async idle(options: { retries?: boolean; timeoutMs?: number } = {}): Promise<void> {
    const deadline = Date.now() + (options.timeoutMs ?? 60_000);
    while (!this.isIdle(options.retries ?? false)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('Webhook deliveries have not settled in time.');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 250));
        this.watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.aborter.abort();
    await this.agent.destroy();
  }

  private isIdle(retriesToo: boolean): boolean {
    if (this.busy.size > 0) return false;
    const now = this.parts.clock.now();
    for (const delivery of this.open.values()) {
      if (delivery.state === 'held' || this.resolve(delivery.target) === null) continue;
      if (retriesToo || delivery.dueAt <= now || delivery.attempt === 0) return false;
    }
    return true;
  }

  private pump(): void {
    this.timer = null;
    const now = this.parts.clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const delivery of this.open.values()) {
      if (delivery.state !== 'waiting') continue;
      if (delivery.dueAt > now) {
        next = Math.min(next, delivery.dueAt);
        continue;
      }
      if (this.busy.size >= PARALLEL) break;
      if (this.busy.has(delivery.lane)) continue;
      const url = this.resolve(delivery.target);
      if (url === null) continue;
      this.busy.add(delivery.lane);
      void this.send(delivery, url);
    }
    if (this.stopped || next === Number.POSITIVE_INFINITY) return;
    this.timer = setTimeout(() => this.pump(), Math.min(Math.max(next - now, 1), 2 ** 30));
    this.timer.unref();
  }

  private async send(delivery: Delivery, url: string): Promise<void> {
    const policy = this.policies.get(delivery.system);
    const admission = policy?.admit?.(delivery) ?? 'send';
    if (admission === 'drop') this.change(delivery, { state: 'dropped' });
    else if (typeof admission === 'object') this.change(delivery, { dueAt: admission.waitUntil });
    else if (policy !== undefined) {
      const attempt = delivery.attempt + 1;
      const outcome = await this.attempt(delivery, url, policy.headers(delivery, attempt), policy.timeoutMs);
      if (this.stopped) return;
      this.settle(delivery, attempt, outcome, policy);
    }
    this.busy.delete(delivery.lane);
    for (const watcher of this.watchers.splice(0)) watcher();
    this.wake();
  }

  private async attempt(
    delivery: Delivery,
    url: string,
    headers: Record<string, string>,
    timeoutMs: number,
  ): Promise<DeliveryOutcome> {
    try {
      const response = await request(url, {
        method: delivery.method,
        headers: { ...delivery.headers, ...headers },
        body: delivery.body,
        dispatcher: this.agent,
        signal: this.aborter.signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await response.body.dump();
      return { status: response.statusCode, error: null };
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : 'no answer' };
    }
  }

  private settle(delivery: Delivery, attempt: number, outcome: DeliveryOutcome, policy: DeliveryPolicy): void {
    const delivered = outcome.status !== null && outcome.status >= 200 && outcome.status < 300;
    const delay = delivered ? null : policy.retryDelayMs(delivery, attempt, outcome);
    policy.settled?.(delivery, delivered);
    const done = { attempt, lastStatus: outcome.status, lastError: outcome.error };
    if (delivered) this.change(delivery, { ...done, state: 'delivered' });
    else if (delay === null) this.change(delivery, { ...done, state: 'failed' });
    else this.change(delivery, { ...done, dueAt: this.parts.clock.now() + delay / this.parts.timeScale });
    this.parts.log(delivered ? 'webhook delivered' : 'webhook not delivered', {
      system: delivery.system,
      event: delivery.eventName,
      subject: delivery.subjectId,
      id: delivery.id,
      uuid: delivery.uuid,
      attempt,
      status: outcome.status,
    });
  }

  private change(delivery: Delivery, changes: Partial<Delivery>): void {
    Object.assign(delivery, changes);
    this.records.save(delivery);
    if (isOpen(delivery)) return;
    this.open.delete(delivery.id);
    this.closed.push(delivery.id);
    while (this.closed.length > CLOSED_KEPT) this.records.remove(this.closed.shift() ?? '');
  }
}

const isOpen = (delivery: Delivery): boolean => delivery.state === 'waiting' || delivery.state === 'held';
