/**
 * What the sweep asks of the engine and tells the runs; made in `src/temporal`. Promise of every teller: the run is asked
 * once more right before, so that what it has learned meanwhile is not told again.
 */
import type {
  TicketStanding,
  OwnedOrder,
  RefusedRun,
  TellTicketsInput,
  ToldTickets,
  OpenOrdersInput,
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
  /** Orders of running dispatches that are not final: those with a higher number than `after`, lowest first, and `wanted`. */
  openOrders(input: OpenOrdersInput): Promise<{ orders: OwnedOrder[]; more: boolean }>;
  /** False when the dispatch is gone or knows better by now. */
  tellOrder(input: TellOrderInput): Promise<boolean>;
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
  async openOrders(input: OpenOrdersInput): Promise<{ orders: OwnedOrder[]; more: boolean }> {
    return sweeps.openOrders(input);
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
