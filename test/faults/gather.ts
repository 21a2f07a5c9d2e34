/** Puts together the facts of a run that has settled. */
import type { Client } from '@temporalio/client';
import { ticketsOfWorld } from './ticket-facts';
import { dispatchFacts, storedEvents } from './engine-facts';
import type { Facts } from './facts';
import type { Life } from './lives';
import type { World } from './world';

export async function gatherFacts(world: World, client: Client, lives: Life[]): Promise<Facts> {
  const { control } = world.sandbox;
  const [stored, dispatches] = [await storedEvents(client), await dispatchFacts(client)];
  const { tickets, orders } = ticketsOfWorld(world, lives, dispatches);
  return {
    accepted: {
      ofTickets: { ...world.accepted.ofTickets },
      ofOrders: [...new Set(world.accepted.ofOrders)],
      ofPeople: [...world.accepted.ofPeople],
    },
    stored,
    tickets,
    orders,
    contacts: control.contacts().flatMap(({ unique_external_id: id }) => (typeof id === 'string' ? [id] : [])),
  };
}
