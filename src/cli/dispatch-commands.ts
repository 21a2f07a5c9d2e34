/** `list`, `show`, `dispatch`, `retry`, `cancel`: what operators ask and say from a shell. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { UsageError } from '../command-errors';
import { ATTENTION_REASONS, DISPATCH_STATES, type AttentionReason } from '../contract/dispatch';
import { SYSTEMS } from '../contract/failures';
import type { CallsAsked } from './calls';
import type { ListAsked } from './list';

interface Json {
  json?: boolean;
}

type ListOptions = ListAsked & Json;

interface RetryOptions extends Json {
  reason?: AttentionReason;
  since?: string;
  yes?: boolean;
}

interface BulkOptions extends Json {
  query?: string;
  file?: string;
  batch?: string;
  nextVisit?: boolean;
  yes?: boolean;
  stop?: boolean;
}

/** As people write it, with or without `#`. */
export const ticketId = (text: string): number => {
  const digits = text.replace(/^#/, '');
  const id = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(id) || id <= 0) {
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

const statusCode = (text: string): number => {
  if (!/^(0|[1-5][0-9]{2})$/.test(text)) throw new InvalidArgumentError('Give an HTTP status such as 422, or 0.');
  return Number(text);
};

export function addDispatchCommands(program: Command, jsonOption: () => Option): void {
  program
    .command('list')
    .description('list dispatches, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(DISPATCH_STATES))
    .option('--limit <count>', 'at most so many (1 to 200)', count, 50)
    .option('--cursor <cursor>', 'go on where the list before ended')
    .option('--all', 'all of them')
    .addOption(jsonOption())
    .action(async ({ json, ...asked }: ListOptions) => {
      const { listDispatches } = await import('./list');
      await listDispatches(asked, json ?? false);
    });

  program
    .command('calls')
    .description('list failed calls, with what was sent and what came back')
    .argument('[ticket]', 'ticket number', ticketId)
    .option('--since <time>', 'only those since then: 2h, or a time', '1d')
    .addOption(new Option('--system <system>', 'only calls to this one').choices(SYSTEMS))
    .option('--status <code>', 'only those with this HTTP status; 0: no answer came', statusCode)
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { json, ...asked }: Omit<CallsAsked, 'ticket'> & Json) => {
      const { listCalls } = await import('./calls');
      await listCalls({ ...asked, ...(ticket === undefined ? {} : { ticket }) }, json ?? false);
    });

  program
    .command('show')
    .description('show one dispatch with its timeline')
    .argument('<ticket>', 'ticket number', ticketId)
    .addOption(jsonOption())
    .action(async (ticket: number, { json }: Json) => {
      const { showDispatch } = await import('./show');
      await showDispatch(ticket, json ?? false);
    });

  program
    .command('dispatch')
    .description(
      'start a visit for a ticket, whatever the rule says; never beside an open one. Or for many: what --query or --file ' +
        'names is listed with its cost, and dispatched with --yes',
    )
    .argument('[ticket]', 'ticket number', ticketId)
    .option('--query <text>', "all tickets of a search in Freshdesk's search language, such as \"tag:'on-site'\"")
    .option('--file <csv>', 'all tickets of a CSV file: a column ticket, ticket_id or id, or the first one')
    .option('--next-visit', 'with --query or --file: also tickets whose last visit is over')
    .option('--batch <name>', 'the tickets of a list that was made before; without --yes or --stop it is only shown')
    .option('--yes', 'dispatch what is listed, or go on with it')
    .option('--stop', 'with --batch: begin no further ticket')
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { json, ...options }: BulkOptions) => {
      const isBulk = Object.keys(options).length > 0;
      if ((ticket === undefined) !== isBulk) {
        throw new UsageError('Give either a ticket number, or one of --query, --file and --batch for many at once.');
      }
      if (ticket === undefined) {
        const { dispatchBulk } = await import('./bulk/command');
        const { nextVisit = false, yes = false, stop = false, ...of } = options;
        return dispatchBulk({ ...of, nextVisit, yes, stop, json: json ?? false });
      }
      const { dispatchTicket } = await import('./one-ticket');
      await dispatchTicket(ticket, json ?? false);
    });

  program
    .command('retry')
    .description('try again what waits for a person: one ticket, or many by --reason and --since')
    .argument('[ticket]', 'ticket number', ticketId)
    .addOption(new Option('--reason <reason>', 'all that wait for this reason').choices(ATTENTION_REASONS))
    .option('--since <time>', 'all that began to wait since then: 30m, 2h, 1d, or a time such as 2026-03-01T08:00Z')
    .option('--yes', 'with --reason or --since: do it; without, it is only shown what would be tried again')
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { reason, since, yes, json }: RetryOptions) => {
      const many = reason !== undefined || since !== undefined;
      if ((ticket === undefined) !== many) {
        throw new UsageError('Give either a ticket number, or --reason and --since for many at once.');
      }
      if (ticket === undefined) {
        const { retryMany } = await import('./retry-many');
        return retryMany({ reason, since, yes: yes ?? false, json: json ?? false });
      }
      const { retryTicket } = await import('./one-ticket');
      await retryTicket(ticket, json ?? false);
    });

  program
    .command('resync')
    .description('look again at a ticket and its work order, or at all that changed since a moment, at once')
    .argument('[ticket]', 'ticket number', ticketId)
    .option('--since <time>', 'all that changed since then: 30m, 2h, 1d, or a time such as 2026-03-01T08:00Z')
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { since, json }: { since?: string } & Json) => {
      if ((ticket === undefined) === (since === undefined)) {
        throw new UsageError('Give either a ticket number, or --since.');
      }
      const { resyncSince, resyncTicket } = await import('./resync');
      if (ticket !== undefined) await resyncTicket(ticket, json ?? false);
      else await resyncSince(since ?? '', json ?? false);
    });

  program
    .command('cancel')
    .description('call the newest visit off and cancel its work order')
    .argument('<ticket>', 'ticket number', ticketId)
    .requiredOption('--reason <text>', 'told to Field Nation and kept in the timeline')
    .option('--yes', 'also when a technician is on the way, or the work is done')
    .addOption(jsonOption())
    .action(async (ticket: number, { reason, yes, json }: { reason: string; yes?: boolean } & Json) => {
      const { cancelVisit } = await import('./cancel');
      await cancelVisit(ticket, { reason, yes: yes ?? false, json: json ?? false });
    });
}
