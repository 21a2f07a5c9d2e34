import { html } from '../../src/page/markup';
import type { Markup } from '../../src/page/markup';
import { SandboxRefusal } from '../control-types';
import type { SandboxControl } from '../control-types';
import { FIELD_SERVICE_REQUIRED } from '../freshdesk/account';
import { asNumber, asText, at } from '../json';
import type { JsonObject } from '../json';

const STEPS = ['To the field', 'Work order', 'Technician', 'Resolved'];
const [ASSIGNED, WORK_DONE, CANCELLED] = [3, 4, 7];
const OVER = [4, 5];

/** Empty when an agent wrote a number into the ticket that no order has. */
function orderOf(control: SandboxControl, id: number): JsonObject {
  try {
    return control.workOrder(id);
  } catch (error) {
    if (error instanceof SandboxRefusal) return {};
    throw error;
  }
}

/** How far a ticket is on its way to the field and back; null for one that never was to go there. */
export function pathOf(control: SandboxControl, ticket: JsonObject): Markup | null {
  const orderId = asNumber(at(ticket, 'custom_fields.cf_work_order_id'));
  const status = Number(ticket['status']);
  if (orderId === null && status !== FIELD_SERVICE_REQUIRED) return null;
  const order = orderId === null ? {} : orderOf(control, orderId);
  const stage = asNumber(at(order, 'status.id')) ?? 0;
  const cancelled = stage >= CANCELLED;
  const done = cancelled
    ? 2
    : [true, orderId !== null, stage >= ASSIGNED, stage >= WORK_DONE && OVER.includes(status)].filter(Boolean).length;
  const toneOf = (index: number): string => (index < done ? 'done' : index > done ? '' : cancelled ? 'stop' : 'now');
  const words = STEPS.map((step, index) => (cancelled && index === 2 ? asText(at(order, 'status.name')) : step));
  const now = words[done];
  return html`<ol class="path" aria-label="${now === undefined ? 'Resolved' : `Now: ${now}`}">
    ${words.map((step, index) => html`<li class="${toneOf(index)}">${step}</li>`)}
  </ol>`;
}
