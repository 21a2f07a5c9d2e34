/** What a dispatch begins with. */
import type { DispatchMemory } from './memory';
import type { DispatchPolicy } from './policy';

/** Addresses that the view shows; ready-made by the starter, which knows the settings. */
export interface DispatchLinks {
  ticket: string;
  /** Prefix of a work order's page; its id is appended. */
  workOrders: string;
  workflow: string | null;
}

export type Lists = 'full' | 'numbers';

/** Argument of `ticketDispatch`. `policy` and `links` default, so that a start by hand needs two values only. */
export interface TicketDispatchInput {
  account: string;
  ticketId: number;
  policy?: DispatchPolicy;
  links?: DispatchLinks;
  /** `numbers`: the memo holds no subject, site, technician or pay; `full` when left out. */
  lists?: Lists;
  /** Only from a run that continued as new. */
  carried?: DispatchMemory;
}
