import type { Delivery } from './delivery-types';
import type { Fault } from './faults';
import type { BotOptions } from './field-nation/bot';
import type { BotAction } from './field-nation/states';
import type { AutomationRule } from './freshdesk/types';
import type { CallCount, HistoryEntry } from './history';
import type { JsonObject } from './json';
import type { Knobs, KnobsPatch } from './knobs';
import type { System } from './options';

/** Who makes a change on the Freshdesk side: a human agent, the requester, or the integration's own key. */
export type Person = 'agent' | 'requester' | 'api';

/** A ticket to create; what is left out gets a believable value. Unknown attributes are refused as Freshdesk does. */
export interface NewTicket {
  subject?: string;
  /** HTML or plain text. */
  description?: string;
  status?: number;
  priority?: number;
  type?: string;
  /** The ticket that this one becomes a child of. */
  parent_id?: number;
  tags?: string[];
  due_by?: string;
  /** Merged over a complete site address. */
  custom_fields?: JsonObject;
  requester_id?: number;
  /** By value: found by e-mail, else created. */
  requester?: { name: string; email: string; phone?: string };
  /** By value: found by name, else created; the requester is put into it. */
  company?: { name: string };
  attachments?: { name: string; type?: string; content: string }[];
  by?: Person;
}

export interface HandMadeEvent {
  /** Event name; need not be one of the 33. */
  name: string;
  workOrderId: number;
  params?: JsonObject;
  /** Default `{ id, title, status }`. */
  workorder?: JsonObject;
}

export type ReleaseOrder = 'created' | 'reversed' | 'shuffled';

/**
 * What people and technicians do on the other side, and what goes wrong there. Each function is one HTTP route below
 * `/sandbox/api` too. Refusals of the fakes are thrown as `SandboxRefusal`.
 */
export interface SandboxControl {
  /** Gives the ticket in the API's form, with requester, company, stats. */
  createTicket(ticket?: NewTicket): JsonObject;
  ticket(id: number): JsonObject;
  /** Newest first, all or so many; deleted ones too. */
  tickets(newest?: number): JsonObject[];
  /** Attributes as in a PUT. */
  updateTicket(id: number, patch: JsonObject, performer?: Person): JsonObject;
  /** All notes and replies, oldest first. */
  conversations(ticketId: number): JsonObject[];
  /** A private note unless said otherwise. */
  addNote(
    ticketId: number,
    body: string,
    options?: { by?: Person; private?: boolean; attachments?: NewTicket['attachments'] },
  ): JsonObject;
  reply(ticketId: number, body: string, by?: Person): JsonObject;
  deleteTicket(id: number): void;
  restoreTicket(id: number): void;
  /** false takes it out of spam again. */
  markSpam(id: number, spam?: boolean): void;
  contacts(): JsonObject[];
  /** null when there is none with this id. */
  contact(id: number): JsonObject | null;
  /** Sends the webhook of the first active rule, whatever its conditions; gives the number of calls. */
  fireWebhook(ticketId: number, copies?: number): number;
  rules(): AutomationRule[];
  /** Changes a rule (`active`, `performer`, `events`, `conditions`, …) or, with a new id, adds one. */
  setRule(id: number, patch: Partial<Omit<AutomationRule, 'id'>>): AutomationRule;

  /** Newest first, all or so many. */
  workOrders(newest?: number): JsonObject[];
  workOrder(id: number): JsonObject;
  messages(workOrderId: number): JsonObject[];
  /** Plays the technician, the buyer's staff or Field Nation. */
  act(id: number, action: BotAction, options?: BotOptions): JsonObject;
  /** What `act` would accept now. */
  possibleActions(id: number): BotAction[];
  /** false: events are lost from now on, as in reality (15.4). */
  setWebhookActive(active: boolean): void;
  /** Sends a Field Nation delivery once more, by its id. */
  resendDelivery(deliveryId: string): Delivery;
  sendEvent(event: HandMadeEvent): void;
  /** All tokens end; the next REST call is answered 401. */
  expireTokens(): void;

  /** New and waiting deliveries are kept back; of Field Nation unless another system is named. */
  holdWebhooks(system?: System): void;
  releaseWebhooks(order?: ReleaseOrder, system?: System): void;
  /** Waiting, held and the newest 2,000 closed ones, oldest first. */
  deliveries(): Delivery[];
  /** Resolves when nothing is being sent or due; with `retries`, when nothing waits for a retry either. Throws after `timeoutMs` (60 s). */
  idle(options?: { retries?: boolean; timeoutMs?: number }): Promise<void>;

  knobs(): Knobs;
  setKnobs(patch: KnobsPatch): Knobs;
  resetKnobs(): Knobs;
  /** Arms a fault and gives its id. */
  addFault(fault: Fault): string;
  faults(): (Fault & { id: string; hits: number })[];
  /** Without an id, all. */
  clearFaults(id?: string): void;
  history(): HistoryEntry[];
  /** How often each route was answered with each status, since the start or `clearHistory`; all, where the history ends. */
  calls(): CallCount[];
  clearHistory(): void;
  /** Moves the sandbox's clock: expiries, quotas, search lag, retries. */
  advanceClock(ms: number): void;
}

/** A refusal of a control function: what the fake would have answered. */
export class SandboxRefusal extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(message);
    this.name = 'SandboxRefusal';
  }
}
