/**
 * `dispatchBatch`: many tickets that a person dispatches at once. Promise: it lists what it would do and does nothing before
 * it is told yes; then each ticket of the list is asked for once, a few at a time, whatever is stopped or killed; a stop
 * begins no further one. Source: interface, section 8, *In bulk*.
 */
import { ApplicationFailure, condition, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { BatchList, BatchMemory, BatchView, DispatchBatchInput } from '../src/contract/dispatch-batch';
import { batchListQuery, batchQuery, runBatch, stopBatch } from '../src/contract/messages';
import {
  begin,
  nextStep,
  onFound,
  onRead,
  onStep,
  refuse,
  TO_BEGIN,
  viewOf,
} from '../src/domain/dispatch-batch/memory';
import { batchDetails } from '../src/domain/dispatch-batch/words';
import { goOnAsNew } from './go-on';
import { freshdeskInBulk, sweptEngine } from './proxies';
import { stepFailure } from './step-failure';

/** Tickets that are read at a time. */
const LANES = 4;

export async function dispatchBatch(given?: Partial<DispatchBatchInput>): Promise<BatchView & BatchList> {
  if (!given || !isAList(given.of) || typeof given.name !== 'string') {
    throw ApplicationFailure.nonRetryable('Begin it with: deskbridge dispatch --file tickets.csv', 'NoBatch');
  }
  const input = given as DispatchBatchInput;
  const memory = begin(input);
  const tell = (): void => setCurrentDetails(batchDetails(input.name, viewOf(memory)));
  const move = (from: BatchMemory['stage'][], to: BatchMemory['stage']): void => {
    if (from.includes(memory.stage)) memory.stage = to;
    tell();
  };
  setHandler(batchQuery, () => viewOf(memory), { description: 'How far the batch is' });
  setHandler(batchListQuery, () => ({ tickets: memory.tickets, whys: memory.whys }), {
    description: 'The tickets of the batch',
  });
  setHandler(runBatch, () => move(['listed', 'stopped'], 'running'), {
    description: 'Dispatch the tickets that are listed, or go on after a stop',
  });
  setHandler(stopBatch, () => move(['running'], 'stopped'), {
    description: 'Begin no further ticket; those that are begun go on',
  });
  const turn = new Turn(input, memory, tell);

  tell();
  await find(input, memory);
  tell();
  await read(input, memory, turn);
  await run(input, memory, turn);
  tell();
  return { ...viewOf(memory), tickets: memory.tickets, whys: memory.whys };
}

/** Counts what the run has taken in; a full one goes on as a new one. */
class Turn {
  #taken = 0;

  constructor(
    private readonly input: DispatchBatchInput,
    private readonly memory: BatchMemory,
    private readonly tell: () => void,
  ) {}

  get isFull(): boolean {
    return this.#taken >= this.input.policy.turnsPerRun || workflowInfo().continueAsNewSuggested;
  }

  taken(): void {
    this.#taken += 1;
    this.tell();
  }

  async end(): Promise<void> {
    const { of } = this.input;
    // The memory has the tickets.
    const rest = { of: 'tickets' in of ? { tickets: [] } : of, carried: this.memory };
    if (this.isFull) await goOnAsNew({ ...this.input, ...rest } satisfies DispatchBatchInput);
  }
}

/** Typed by hand, the argument may be anything. */
const isAList = (of: unknown): boolean => {
  const { query, tickets } = (of ?? {}) as { query?: unknown; tickets?: unknown };
  return typeof query === 'string' || (Array.isArray(tickets) && tickets.every(Number.isSafeInteger));
};

async function find({ of }: DispatchBatchInput, memory: BatchMemory): Promise<void> {
  while (memory.stage === 'finding' && 'query' in of) {
    try {
      onFound(memory, await freshdeskInBulk.findTickets({ query: of.query, page: memory.page }));
    } catch (error) {
      refuseBy(memory, error);
    }
  }
}

/** What keeps the whole list from being made: the query, or what only a person can mend. */
function refuseBy(memory: BatchMemory, error: unknown): void {
  const { type, detail, remedy } = stepFailure(error);
  const isUsage = memory.stage === 'finding' && type === 'InvalidRequest';
  refuse(memory, {
    isUsage,
    detail: isUsage ? `Freshdesk does not take the query: ${detail}` : `${detail}. ${remedy}`,
  });
}

async function read({ account, nextVisit }: DispatchBatchInput, memory: BatchMemory, turn: Turn): Promise<void> {
  while (memory.stage === 'reading') {
    const left = memory.tickets.filter(([, , stage]) => stage === 'unread');
    const lane = async (): Promise<void> => {
      while (memory.stage === 'reading' && !turn.isFull) {
        const ticket = left.shift();
        if (!ticket) return;
        try {
          onRead(memory, ticket, await freshdeskInBulk.readForBatch({ account, ticketId: ticket[0], nextVisit }));
        } catch (error) {
          refuseBy(memory, error);
        }
        turn.taken();
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (memory.stage !== 'reading') return;
    if (!memory.tickets.some(([, , stage]) => stage === 'unread')) memory.stage = 'listed';
    else await turn.end();
  }
}

async function run(input: DispatchBatchInput, memory: BatchMemory, turn: Turn): Promise<void> {
  const { waits, look } = input.policy;
  const stage = (): BatchMemory['stage'] => memory.stage;
  const isOpen = (): boolean => ['listed', 'running', 'stopped'].includes(stage());
  let wait = look.first;
  while (isOpen()) {
    const underWay = memory.tickets.some(([, , at]) => at === 'begun');
    const left = memory.tickets.some(([, , at]) => TO_BEGIN.includes(at));
    if (stage() === 'running' && !underWay && !left) memory.stage = 'done';
    else if (stage() !== 'running' && !underWay) {
      const wasTold = await condition(() => stage() === 'running', waits, { summary: 'Wait for a person’s yes' });
      if (!wasTold) memory.stage = 'expired';
      wait = look.first;
    } else {
      const asked = nextStep(memory, input, stage() === 'running', Date.now());
      const isNew = onStep(memory, await sweptEngine.stepBatch(asked), Date.now());
      turn.taken();
      await turn.end();
      wait = isNew ? look.first : Math.min(wait * 2, look.most);
      const before = stage();
      await condition(() => stage() !== before, wait, { summary: 'Look at the visits again' });
    }
  }
}
