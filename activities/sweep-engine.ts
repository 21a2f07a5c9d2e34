/**
 * What the sweep asks of the engine and tells the runs; made in `src/temporal`. Promise of every teller: the run is asked
 * once more right before, so that what it has learned meanwhile is not told again.
 */
import type {
  EndedDispatch,
  TicketStanding,
  OwnedOrder,
  RefusedRun,
  TellTicketsInput,
  ToldTickets,
  OpenOrdersInput,
  OpenOrdersStep,
  TellOrderInput,
  TakeOverInput,
} from '../src/contract/sweep-calls';

export interface SweepEngine {
  /** Result of the newest sweep that came to its end; null when there is none any more. */
  lastSweep(): Promise<unknown>;
  /** The newest run of each ticket that has one, as the engine's index knows it. */
  standings(input: { ticketIds: number[] }): Promise<TicketStanding[]>;
  /** `checked` tickets are told whatever their run knows. Gives those that were told, and those that got a new run. */
  tellTickets(input: TellTicketsInput): Promise<ToldTickets>;
  /** Orders of running dispatches that are not final: the next ones of a round over all of them. */
  openOrders(input: OpenOrdersInput): Promise<OpenOrdersStep>;
  /** Those of the dispatches whose newest order is one of these (at most 500). */
  ordersOf(input: { ids: number[] }): Promise<OwnedOrder[]>;
  /** Tickets whose dispatch has ended since then, ISO 8601, without having found them. */
  unseenTickets(input: { since: string }): Promise<number[]>;
  /** False when the dispatch is gone or knows better by now. */
  tellOrder(input: TellOrderInput): Promise<boolean>;
  /**
   * Dispatches whose newest run was terminated, failed or timed out since then (ISO 8601) before its visits were over; the
   * longest ago first, at most 1,000.
   */
  endedFromOutside(input: { since: string }): Promise<EndedDispatch[]>;
  /** Starts the dispatch of a ticket, or finds it running, and hands it the events: it asks Field Nation itself. */
  takeOver(input: TakeOverInput): Promise<void>;
  /** Runs that wait for a person because a key was refused. */
  refusedRuns(input: { most: number }): Promise<RefusedRun[]>;
  /** Asks them to try again what a refused key stopped, and nothing else. Gives how many were there. */
  retryRefused(input: { workflowIds: string[] }): Promise<number>;
}

/** The same as activities; no upstream is called. All are safe to repeat. */
export const createSweepEngineActivities = (sweeps: SweepEngine) => ({
  async lastSweep(): Promise<unknown> {
    return sweeps.lastSweep();
  },
  async sweptStandings(input: { ticketIds: number[] }): Promise<TicketStanding[]> {
    return sweeps.standings(input);
  },
  async tellTickets(input: TellTicketsInput): Promise<ToldTickets> {
    return sweeps.tellTickets(input);
  },
  async openOrders(input: OpenOrdersInput): Promise<OpenOrdersStep> {
    return sweeps.openOrders(input);
  },
  async ordersOf(input: { ids: number[] }): Promise<OwnedOrder[]> {
    return sweeps.ordersOf(input);
  },
  async unseenTickets(input: { since: string }): Promise<number[]> {
    return sweeps.unseenTickets(input);
  },
  async endedFromOutside(input: { since: string }): Promise<EndedDispatch[]> {
    return sweeps.endedFromOutside(input);
  },
  async tellOrder(input: TellOrderInput): Promise<boolean> {
    return sweeps.tellOrder(input);
  },
  async takeOver(input: TakeOverInput): Promise<void> {
    return sweeps.takeOver(input);
  },
  async refusedRuns(input: { most: number }): Promise<RefusedRun[]> {
    return sweeps.refusedRuns(input);
  },
  async retryRefused(input: { workflowIds: string[] }): Promise<number> {
    return sweeps.retryRefused(input);
  },
});
