/**
 * Notes, messages and files between ticket and work order. Promise: they go their own way beside the order's loop, so that
 * none of them can hold it up. Which step comes next is decided in src/domain/conversation.
 */
import { workflowInfo } from '@temporalio/workflow';
import { decide } from '../../src/domain/conversation/decide';
import type { Step } from '../../src/domain/conversation/steps';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { spendShare } from '../../src/domain/dispatch/share';
import { runStep } from './run-step';

/** The loop of the conversation: one call at a time, while the order's loop goes on. */
export class Lanes {
  areBusy = false;
  /** Grows whenever something came of a call: the order's loop looks up then. */
  changes = 0;

  constructor(private readonly dispatch: Dispatch) {}

  /** Goes on with what is due, if anything. */
  begin(): void {
    const step = this.areBusy ? null : decide(this.dispatch);
    if (!step) return;
    this.areBusy = true;
    void this.run(step);
  }

  private async run(first: Step): Promise<void> {
    const { dispatch } = this;
    for (let step: Step | null = first; step; step = this.next()) {
      dispatch.turns += 1;
      spendShare(dispatch, 'conversation');
      await runStep(dispatch, step);
      this.changes += 1;
    }
    this.areBusy = false;
    this.changes += 1;
  }

  private next(): Step | null {
    const { turns, policy } = this.dispatch;
    return turns >= policy.turnsPerRun || workflowInfo().continueAsNewSuggested ? null : decide(this.dispatch);
  }
}
