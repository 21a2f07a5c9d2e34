/** `list`, `show`, `dispatch`, `retry`, `cancel`: what operators ask and say from a shell. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { DISPATCH_STATES, type DispatchState } from '../contract/dispatch';
import { NoDispatchError } from '../temporal/starter';
import { withContext } from './context';
import { printDispatch, printDispatches, printJson } from './output';

interface Json {
  json?: boolean;
}

export const ticketId = (text: string): number => {
  const id = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(id) || id <= 0) {
    throw new InvalidArgumentError(`"${text}" is not a ticket number.`);
  }
  return id;
};

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 200)
    throw new InvalidArgumentError('Give a number from 1 to 200.');
  return value;
};

function said(json: boolean | undefined, ticket: number, done: string): void {
  if (json) printJson({ ticketId: ticket, accepted: true });
  else console.log(`${done} \`deskbridge show ${ticket}\` tells how it goes on.`);
}

export function addDispatchCommands(program: Command, jsonOption: () => Option): void {
  program
    .command('list')
    .description('list dispatches, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(DISPATCH_STATES))
    .option('--limit <count>', 'at most so many (1 to 200)', count, 50)
    .addOption(jsonOption())
    .action(async ({ state, limit, json }: { state?: DispatchState; limit: number } & Json) => {
      const page = await withContext(({ dispatches }) => dispatches.list({ limit, ...(state ? { state } : {}) }));
      if (json) printJson(page);
      else printDispatches(page.items);
    });

  program
    .command('show')
    .description('show one dispatch with its timeline')
    .argument('<ticket>', 'ticket number', ticketId)
    .addOption(jsonOption())
    .action(async (ticket: number, { json }: Json) => {
      const view = await withContext(({ dispatches }) => dispatches.view(ticket));
      if (!view) throw new NoDispatchError(`There is no dispatch for ticket ${ticket}`);
      if (json) printJson(view);
      else printDispatch(view);
    });

  program
    .command('dispatch')
    .description('start a visit for a ticket, whatever the rule says; never beside an open one')
    .argument('<ticket>', 'ticket number', ticketId)
    .addOption(jsonOption())
    .action(async (ticket: number, { json }: Json) => {
      await withContext(({ starter }) => starter.dispatchVisit(ticket));
      said(json, ticket, `A visit for ticket ${ticket} is asked for.`);
    });

  program
    .command('retry')
    .description('try again what waits for a person')
    .argument('<ticket>', 'ticket number', ticketId)
    .addOption(jsonOption())
    .action(async (ticket: number, { json }: Json) => {
      await withContext(({ starter }) => starter.retry(ticket));
      said(json, ticket, `Ticket ${ticket} is tried again.`);
    });

  program
    .command('cancel')
    .description('call the newest visit off and cancel its work order')
    .argument('<ticket>', 'ticket number', ticketId)
    .requiredOption('--reason <text>', 'told to Field Nation and kept in the timeline')
    .addOption(jsonOption())
    .action(async (ticket: number, { reason, json }: { reason: string } & Json) => {
      await withContext(({ starter }) => starter.cancel(ticket, reason));
      said(json, ticket, `The visit of ticket ${ticket} is called off.`);
    });
}
