/**
 * The Field Nation webhook body as the signal `workOrderEvent` takes it: either the full body of webhooks v3 or the
 * reduced event that the web process passes on (at most 4 kB, same shape). Source: Field Nation contract 15.2.
 */
import type { OrderContents } from './order-contents';

export interface FieldNationEvent {
  event: { name: string; params?: Record<string, unknown> };
  /** When it happened; ISO 8601 with offset, second resolution. */
  timestamp?: string;
  triggered_by_user?: { id?: number | string } | null;
  workorder?: FieldNationEventOrder;
  /** Added by the web process: the event names its order and tells next to nothing of it. */
  thin?: boolean;
  /** Added by the web process: what the order holds, as far as there was room. */
  contents?: OrderContents;
  /** Added by the web process: the part of `X-FN-Delivery-Id` before the colon. */
  delivery?: string;
}

/** The parts of the work order in an event that Deskbridge reads. */
export interface FieldNationEventOrder {
  id?: number | string;
  title?: string;
  status?: { id?: number | string; name?: string; display?: string; code?: string; sub_status?: string };
  assignee?: { user?: { id?: number | string; first_name?: string; last_name?: string } } | null;
  description?: { html?: string } | null;
  custom_fields?: unknown;
  [key: string]: unknown;
}
