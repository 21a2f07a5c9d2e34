/** One life whose history is kept. */
import type { Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';

/** Plays one life and gives the workflow ids whose histories are to be saved. */
export type Scenario = (stack: Stack) => Promise<string[]>;

export async function dispatched(stack: Stack, patch: object = {}): Promise<{ id: number; workOrderId: number }> {
  const desk = ticketsOf(stack);
  const id = desk.newTicket(patch);
  desk.trigger(id);
  return { id, workOrderId: await desk.dispatched(id) };
}
