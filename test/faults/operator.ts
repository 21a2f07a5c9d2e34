/**
 * The operator of a run: answers the one question that no machine may, whether a visit is wanted of whose trigger Freshdesk
 * has given the webhook up. Reconcile finds the trigger and asks; it starts no further visit (interface, section 8).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DispatchView } from '../../src/contract/dispatch';
import { dispatchWorkflowId } from '../../src/contract/run-ids';
import type { Desk } from './desk';
import type { Life } from './lives';
import { ACCOUNT, type World } from './world';

const LOOK_MS = 5_000;

export interface Operator {
  /** Tickets whose question was answered. */
  answered: number[];
  /** Answers what is asked until it is stopped. */
  stop(): Promise<void>;
}

export function startOperator({ sandbox: { control }, accepted }: World, { client }: Desk, lives: Life[]): Operator {
  const answered: number[] = [];
  let goesOn = true;

  /** Nothing was accepted since the ticket was triggered again, and nothing is tried any more. */
  const isGivenUp = ({ id, heardBefore }: Life): boolean =>
    (accepted.ofTickets[id] ?? 0) === heardBefore &&
    !control.deliveries().some((d) => d.subjectId === id && (d.state === 'waiting' || d.state === 'held'));

  const work = async (): Promise<void> => {
    for (; goesOn; await delay(LOOK_MS)) {
      for (const life of lives) {
        if (life.isOver || life.heardBefore === null || answered.includes(life.id) || !isGivenUp(life)) continue;
        const handle = client.workflow.getHandle(dispatchWorkflowId(ACCOUNT, life.id));
        const view = await handle.query<DispatchView>('dispatch').catch(() => null);
        if (view?.attention?.reason !== 'decision') continue;
        await handle.signal('dispatchVisit');
        answered.push(life.id);
      }
    }
  };
  const worked = work();
  return {
    answered,
    stop: async () => {
      goesOn = false;
      await worked;
    },
  };
}
