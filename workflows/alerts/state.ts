/** What the watch remembers: a plain object that continue-as-new carries whole, and what a look changes in it. */
import {
  ALERT_KINDS,
  SOURCES,
  type Alert,
  type AlertMessage,
  type AlertsFound,
  type AlertsMemo,
  type RefusedNote,
  type WebhookNote,
} from '../../src/contract/alerts';
import type { AlertsMemory } from '../../src/contract/run-inputs';
import type { RaisedAlert } from '../../src/contract/run-inputs';

/** Alerts in messages that wait for an address that is away; at 700 bytes each, what is carried stays small. */
const MOST_UNTOLD = 75;
const REFUSED_FOR_MS = 60 * 60_000;

export class Watch {
  readonly memory: AlertsMemory;

  constructor(
    readonly account: string,
    carried: AlertsMemory | null,
    readonly now: () => number,
  ) {
    this.memory = carried ?? {
      schema: 1,
      watchedSince: this.at(),
      webhooks: {},
      refused: {},
      upstream: {},
      quota: null,
      standing: [],
      more: 0,
      untold: [],
      unmailed: [],
      messages: 0,
      checkedAt: null,
    };
  }

  private at(): string {
    return new Date(this.now()).toISOString();
  }

  keys(): string[] {
    return this.memory.standing.map(({ key }) => key);
  }

  /** Typed by hand it may be anything. */
  noteWebhook(note: Partial<WebhookNote> | undefined): void {
    const { source, at } = note ?? {};
    if (source === undefined || !SOURCES.includes(source) || Number.isNaN(Date.parse(at ?? ''))) return;
    const known = this.memory.webhooks[source];
    if (known === undefined || Date.parse(known) < Date.parse(at as string))
      this.memory.webhooks[source] = at as string;
  }

  /** A pause of an hour ends a row of refusals. Typed by hand it may be anything. */
  noteRefused(note: Partial<RefusedNote> | undefined): void {
    const { source, at, count } = note ?? {};
    if ((source !== 'freshdesk' && source !== 'field-nation') || Number.isNaN(Date.parse(at ?? ''))) return;
    const last = at as string;
    const known = this.memory.refused[source];
    const goesOn = known !== undefined && Date.parse(last) - Date.parse(known.last) < REFUSED_FOR_MS;
    const more = Number.isSafeInteger(count) ? Math.max(1, count as number) : 1;
    this.memory.refused[source] = goesOn
      ? { since: known.since, last, count: known.count + more }
      : { since: last, last, count: more };
  }

  /** Takes a look in; gives what is to be told of it, null when nothing has changed. */
  take({ standing, fresh, more, quota, upstream }: AlertsFound): AlertMessage | null {
    const { memory } = this;
    memory.upstream = upstream;
    for (const source of ['freshdesk', 'field-nation'] as const) {
      const last = memory.refused[source]?.last;
      if (last !== undefined && this.now() - Date.parse(last) >= REFUSED_FOR_MS) delete memory.refused[source];
    }
    const holds = new Set(standing);
    const resolved = memory.standing.filter(({ key }) => !holds.has(key));
    const raised = fresh.map((alert) => ({ ...alert, noted: alert.told === true }));
    memory.standing = [...memory.standing.filter(({ key }) => holds.has(key)), ...raised];
    memory.more = more;
    memory.quota = quota ?? memory.quota;
    memory.checkedAt = this.at();
    if (raised.length + resolved.length === 0) return null;
    memory.messages += 1;
    return {
      // The moment tells the messages of two watches apart, one of which was terminated.
      id: `alerts-${this.account}-${Date.parse(memory.watchedSince).toString(36)}-${memory.messages}`,
      ...{ account: this.account, at: memory.checkedAt, raised: fresh, resolved: resolved.map(withoutNote) },
      standing: memory.standing.length + more,
    };
  }

  /** What is too much goes, the oldest first: log and metrics have it. */
  queue(waiting: AlertMessage[], message: AlertMessage): void {
    waiting.push(message);
    const size = (): number => waiting.reduce((sum, { raised, resolved }) => sum + raised.length + resolved.length, 0);
    while (waiting.length > 1 && size() > MOST_UNTOLD) waiting.shift();
  }

  /** What its ticket is still to be told of. A visit that nobody comes to is told wherever notes are on. */
  unnoted(wanted: AlertsFound['ticketNote']): Alert[] {
    const isWanted = ({ kind }: Alert): boolean => wanted === 'all' || (wanted === 'mapping' && kind === 'late');
    return this.memory.standing
      .filter((alert) => alert.ticket !== null && !alert.noted && isWanted(alert))
      .map(withoutNote);
  }

  noted(key: string): void {
    for (const alert of this.memory.standing) if (alert.key === key) alert.noted = true;
  }

  memo(): AlertsMemo {
    const { standing, more, webhooks, refused, upstream, quota, checkedAt } = this.memory;
    const active: AlertsMemo['active'] = {};
    for (const kind of ALERT_KINDS) {
      const count = standing.filter((alert) => alert.kind === kind).length + (kind === 'attention' ? more : 0);
      if (count > 0) active[kind] = count;
    }
    return { checkedAt: checkedAt ?? this.at(), active, webhooks, refused, upstream, quota };
  }
}

const withoutNote = ({ noted: _noted, ...alert }: RaisedAlert): Alert => alert;
