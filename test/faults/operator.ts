/**
 * The operator of a run: answers the questions that no machine may (interface, section 8) – whether a visit is wanted of whose
 * trigger Freshdesk has given the webhook up, and what becomes of the draft of a run that is gone – and nothing else.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createFieldNationClient } from '../../src/clients/field-nation';
import type { DispatchView } from '../../src/contract/dispatch';
import { dispatchWorkflowId } from '../../src/contract/run-ids';
import type { Desk } from './desk';
import type { Life } from './lives';
import { ACCOUNT, SECRETS, type World } from './world';

const LOOK_MS = 5_000;
const DECISIONS = `WorkflowType = 'ticketDispatch' AND ExecutionStatus = 'Running' AND DeskbridgeAttention = 'decision'`;

export interface Operator {
  /** Tickets whose question about another visit was answered. */
  answered: number[];
  /** Work orders that were drafts of runs that are gone, and were published in Field Nation. */
  drafts: number[];
  /** Tickets whose other questions were answered with `retry`. */
  retried: number[];
  /** Answers what is asked until it is stopped. */
  stop(): Promise<void>;
}

export function startOperator({ sandbox, accepted }: World, { client }: Desk, lives: Life[]): Operator {
  const { control } = sandbox;
  const [answered, drafts, retried]: number[][] = [[], [], []];
  const fieldNation = createFieldNationClient({
    ...{ baseUrl: sandbox.fieldNationUrl, credentials: SECRETS.credentials, timeoutMs: 20_000 },
  });
  let goesOn = true;

  /** Nothing was accepted since the ticket was triggered again, and nothing is tried any more. */
  const isGivenUp = ({ id, heardBefore }: Life): boolean =>
    (accepted.ofTickets[id] ?? 0) === heardBefore &&
    !control.deliveries().some((d) => d.subjectId === id && (d.state === 'waiting' || d.state === 'held'));

  const answer = async (life: Life): Promise<void> => {
    const handle = client.workflow.getHandle(dispatchWorkflowId(ACCOUNT, life.id));
    const view = await handle.query<DispatchView>('dispatch');
    if (view.attention?.reason !== 'decision') return;
    if (view.attention.detail.includes('is a draft of a run that is gone')) {
      const order = view.workOrderId ?? 0;
      if (drafts.includes(order)) return;
      await fieldNation.publishWorkOrder(order);
      drafts.push(order);
    } else if (life.heardBefore !== null && !life.isOver) {
      if (answered.includes(life.id) || !isGivenUp(life)) return;
      await handle.signal('dispatchVisit');
      answered.push(life.id);
    } else {
      await handle.signal('retry');
      retried.push(life.id);
    }
  };
  const work = async (): Promise<void> => {
    for (; goesOn; await delay(LOOK_MS)) {
      for await (const { workflowId } of client.workflow.list({ query: DECISIONS })) {
        const life = lives.find(({ id }) => workflowId === dispatchWorkflowId(ACCOUNT, id));
        // What fails is still asked at the next look.
        if (life) await answer(life).catch(() => undefined);
      }
    }
  };
  const worked = work();
  return {
    ...{ answered, drafts, retried },
    stop: async () => {
      goesOn = false;
      await worked;
      await fieldNation.close();
    },
  };
}
