/** One ticket of an account that is swept: its world, the run of its dispatch, and what the lists still show of both. */
import { memoOf } from '../../src/domain/dispatch/view';
import { receiveRetry } from '../../src/domain/dispatch/commands';
import { receive } from '../../src/domain/dispatch/inbox';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { sweptMemo } from '../../src/domain/dispatch/swept-memo';
import { isOver, nextDue } from '../../src/domain/dispatch/times';
import { readOrderEvent } from '../../src/domain/read-order-event';
import type { Step } from '../../src/domain/dispatch/steps';
import type { OrderStatus } from '../../src/domain/status';
import { dispatchWorkflowId } from '../../src/contract/run-ids';
import { worthPublishing } from '../../workflows/dispatch/publish-state';
import { INPUT, Run, World, type End, type WorldAccount, type WorldOrder } from './core-world';
import { isRunning, type EngineModel, type ModelRun } from './engine-model';

/** The ticket as Freshdesk's list shows it from then on, in ms since 1970. */
interface Version {
  from: number;
  updatedAt: string;
  status: number;
  gone: 'deleted' | 'spam' | null;
}

export class SweptTicket extends World {
  /** Oldest first. */
  private readonly versions: Version[] = [];
  private readonly statuses = new Map<number, { from: number; status: OrderStatus; at: string }[]>();
  /** How much later a list shows what changes now, in ms. */
  listLag = 0;
  goneAs: 'deleted' | 'spam' = 'deleted';
  run: Run | null = null;
  record: ModelRun | undefined;
  /** A person's last change, as Freshdesk dates it; null: none since Deskbridge is there. */
  changedAt: string | null = null;
  /** When a webhook spoke of it last, in ms since 1970. */
  toldAt = -Infinity;

  constructor(
    ticketId: number,
    account: WorldAccount,
    private readonly engine: EngineModel,
  ) {
    super(ticketId, account);
    this.keepVersion();
  }

  private keepVersion(): void {
    const { status, gone } = this.ticket;
    this.versions.push({
      from: this.now + this.listLag,
      updatedAt: this.updatedAt,
      status,
      gone: gone ? this.goneAs : null,
    });
  }

  override change(patch: Partial<World['ticket']>): void {
    super.change(patch);
    this.keepVersion();
  }

  /** As a person does it. */
  edit(patch: Partial<World['ticket']>): void {
    this.change(patch);
    this.changedAt = this.updatedAt;
  }

  override become(order: WorldOrder, status: OrderStatus): void {
    super.become(order, status);
    const past = this.statuses.get(order.id) ?? [];
    this.statuses.set(order.id, [...past, { from: this.now + this.listLag, status, at: order.at }]);
  }

  /** Null: the list does not show the ticket yet, or our key does not. */
  listed(): Version | null {
    const shown = this.versions.filter(({ from }) => from <= this.now);
    return this.found ? (shown.at(-1) ?? null) : null;
  }

  /** The orders as a list shows them. */
  listedOrders(): WorldOrder[] {
    return this.orders
      .filter(({ madeAt = 0 }) => madeAt + this.listLag <= this.now)
      .map((order) => {
        const shown = this.statuses.get(order.id)?.findLast(({ from }) => from <= this.now);
        return {
          ...order,
          status: shown?.status ?? 'draft',
          at: shown?.at ?? new Date(order.madeAt ?? 0).toISOString(),
        };
      });
  }

  get isRunning(): boolean {
    return isRunning(this.record);
  }

  /** The starter's `ticketChanged`: starts the dispatch, or tells the running one. */
  tell(by: 'reconcile' | null): void {
    if (!this.isRunning) this.begin();
    if (by === null) this.toldAt = this.now;
    if (this.run) askForLook(this.run.dispatch, by);
  }

  private begin(): void {
    const { ticketId, engine } = this;
    const workflowId = dispatchWorkflowId(INPUT.account, ticketId);
    this.run = new Run(this);
    const attributes = { DeskbridgeTicketId: ticketId, DeskbridgeState: 'starting' };
    this.record = engine.start('ticketDispatch', workflowId, attributes, (signal, args) => this.hear(signal, args));
  }

  private hear(signal: string, [argument]: unknown[]): void {
    const { dispatch } = this.run!;
    if (signal === 'ticketChanged') this.tell((argument as { by?: 'reconcile' } | null)?.by ?? null);
    else if (signal === 'retry') receiveRetry(dispatch, argument);
    else {
      const event = readOrderEvent(argument);
      if (event) receive(dispatch, event);
    }
  }

  /** One turn of its loop; false when nothing is to be done. */
  turn(endOf: (step: Step) => End): boolean {
    if (!this.run || !this.isRunning) return false;
    const before = worthPublishing(this.run.dispatch);
    const step = this.run.turn(endOf);
    if (step === null || worthPublishing(this.run.dispatch) !== before) this.show();
    if (step === null && isOver(this.run.dispatch)) this.end('Completed');
    return step !== null;
  }

  private show(): void {
    const { dispatch } = this.run!;
    const memo = memoOf(dispatch);
    this.engine.change(this.record!, {
      memo: JSON.parse(JSON.stringify({ dispatch: memo, sync: sweptMemo(dispatch) })) as Record<string, unknown>,
      attributes: {
        DeskbridgeTicketId: this.ticketId,
        DeskbridgeState: memo.state,
        DeskbridgeWorkOrderId: memo.workOrderId,
        DeskbridgeAttention: memo.attention?.reason ?? null,
      },
      isUnreadable: false,
    });
  }

  /** In ms since 1970; null: only a signal makes it go on. */
  get dueAt(): number | null {
    return this.run && this.isRunning ? nextDue(this.run.dispatch) : null;
  }

  end(status: 'Completed' | 'Failed' | 'Terminated'): void {
    if (this.record) this.engine.close(this.record, status);
    this.run = null;
    // Whoever creates next knows that a run before it was cut short.
    this.wasCutShort ||= status !== 'Completed';
  }

  /** A backup from before its dispatch began was put back. */
  forget(): void {
    this.engine.runs = this.engine.runs.filter((run) => run !== this.record);
    this.record = undefined;
    this.run = null;
    this.wasCutShort = true;
  }
}
