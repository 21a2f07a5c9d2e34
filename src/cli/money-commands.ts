/** `pause`, `resume`, `approve`: what people say about money, from a shell. */
import { InvalidArgumentError, type Command, type Option } from 'commander';
import { UsageError } from '../command-errors';
import { ticketId } from './dispatch-commands';

const amount = (text: string): number => {
  if (/^\d+(\.\d{1,2})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is not a sum in US dollars. Give it as 1250 or 1250.50.`);
};

const reason = (text: string): string => {
  if (text.trim() !== '' && text.trim().length <= 500) return text.trim();
  throw new InvalidArgumentError('Give a reason of 1 to 500 characters.');
};

interface ApproveOptions {
  all?: boolean;
  amount?: number;
  yes?: boolean;
  json?: boolean;
}

export function addMoneyCommands(program: Command, jsonOption: () => Option): void {
  program
    .command('pause')
    .description('pause dispatching: no create, no publish and no rise of pay until resume; all else goes on')
    .requiredOption('--reason <text>', 'why; every waiting dispatch shows it', reason)
    .addOption(jsonOption())
    .action(async ({ reason: why, json }: { reason: string; json?: boolean }) => {
      const { pauseDispatching } = await import('./pause');
      await pauseDispatching(why, json ?? false);
    });

  program
    .command('resume')
    .description('end the pause; Deskbridge reads each waiting ticket again')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const { resumeDispatching } = await import('./pause');
      await resumeDispatching(json ?? false);
    });

  program
    .command('approve')
    .description('say yes to money that waits for a person: one ticket, or with --all every ticket that waits')
    .argument('[ticket]', 'ticket number', ticketId)
    .option('--amount <sum>', 'only if exactly this sum in US dollars waits', amount)
    .option('--all', 'all that wait, each with the sum that is listed')
    .option('--yes', 'with --all: do not ask')
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { all, amount: sum, yes, json }: ApproveOptions) => {
      if ((ticket === undefined) !== (all ?? false)) throw new UsageError('Give either a ticket number, or --all.');
      if (all && sum !== undefined) throw new UsageError('--amount goes with one ticket, not with --all.');
      if (ticket !== undefined && yes) throw new UsageError('--yes goes with --all.');
      const { approveAll, approveOne } = await import('./approve');
      if (ticket === undefined) await approveAll({ yes: yes ?? false, json: json ?? false });
      else await approveOne(ticket, sum, json ?? false);
    });
}
