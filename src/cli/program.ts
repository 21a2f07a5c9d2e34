/** The commands of the interface, section 2. */
import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { addBackupCommands } from './backup-commands';
import { addContactCommands } from './contacts';
import { addEventCommands } from './events';
import { addDispatchCommands, ticketId } from './dispatch-commands';
import { addMoneyCommands } from './money-commands';
import { addSetupCommands } from './setup-commands';

const jsonOption = (): Option => new Option('--json', 'print JSON');

/**
 * A fresh program; it throws instead of exiting, so that the caller keeps the exit codes in one place. `silent`: the caller
 * says what is wrong with a command, too.
 */
export function buildProgram(silent = false): Command {
  const program = new Command('deskbridge')
    .configureOutput(silent ? { writeErr: () => undefined } : {})
    .description('Freshdesk tickets become Field Nation work orders and stay in step with them.')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  program
    .command('start')
    .description('run the service; all parts when none is named')
    .option('--web', 'the web server')
    .option('--worker', 'the worker')
    .option('--sandbox', 'the sandbox Freshdesk and Field Nation')
    .addOption(jsonOption())
    .action(async (options: { web?: boolean; worker?: boolean; sandbox?: boolean }) => {
      const { start } = await import('./start');
      await start(options);
    });

  program
    .command('demo')
    .description('one sandbox ticket from trigger to resolved and one contact, step by step')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const { demo } = await import('./demo');
      await demo(json ?? false);
    });

  program
    .command('sign-in')
    .description('print a link that signs a browser in: once, for 10 minutes')
    .option('--name <name>', 'who signs in, where ADMIN_TOKEN names several operators')
    .addOption(jsonOption())
    .action(async ({ name, json }: { name?: string; json?: boolean }) => {
      const { signIn } = await import('./sign-in');
      await signIn({ name, json: json ?? false });
    });

  addSetupCommands(program, jsonOption);
  addBackupCommands(program, jsonOption);
  addDispatchCommands(program, jsonOption);
  addMoneyCommands(program, jsonOption);
  addContactCommands(program, jsonOption);
  addEventCommands(program, jsonOption);

  const mapping = program.command('mapping').description('the config file and its mapping');
  mapping
    .command('check')
    .description('check the config file; every problem with line, column and hint')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const { checkMapping } = await import('./mapping');
      await checkMapping(json ?? false);
    });

  mapping
    .command('preview')
    .description('show the work order that would be created, field by field, and all that is missing; sends nothing')
    .argument('[ticket]', 'ticket number', ticketId)
    .option('--file <file>', 'a ticket as JSON, in the form of GET /api/v2/tickets/<id>, in place of a number')
    .addOption(jsonOption())
    .action(async (ticket: number | undefined, { file, json }: { file?: string; json?: boolean }) => {
      const { previewMapping } = await import('./mapping-preview');
      await previewMapping({ ticketId: ticket, file, json: json ?? false });
    });

  // Each command throws too, instead of ending the process, and names its own help.
  const complete = (command: Command, name: string): void => {
    const help = command.commands.length > 0 ? 'lists the commands' : 'shows how it is used';
    command.exitOverride().showHelpAfterError(`(${name} --help ${help})`);
    for (const part of command.commands) complete(part, `${name} ${part.name()}`);
  };
  complete(program, 'deskbridge');
  return program;
}
