/** `events tail` and `events test`: what comes in, and what would become of one event. */
import type { Command, Option } from 'commander';

/** Promise: nothing is loaded for it before it is asked for. */
export function addEventCommands(program: Command, jsonOption: () => Option): void {
  const events = program.command('events').description('product events that come in').exitOverride();

  events
    .command('tail')
    .description('follow the events that come in, with what became of each; ends with Ctrl-C')
    .option('--outcome <outcome>', 'accepted, dropped or invalid alone')
    .option('--reason <reason>', 'one reason alone, such as no-consent')
    .option('--person <who>', 'of one person: user id or e-mail')
    .addOption(jsonOption())
    .exitOverride()
    .action(async (options: { outcome?: string; reason?: string; person?: string; json?: boolean }) => {
      const { tailEvents } = await import('./events-tail');
      await tailEvents(options);
    });

  events
    .command('test')
    .description('one event through all gates and the mapping; shows the exact body for Freshdesk and sends nothing')
    .argument('<file>', 'the event as JSON, as an item of a batch; - reads standard input')
    .addOption(jsonOption())
    .exitOverride()
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { testEvent } = await import('./events-test');
      await testEvent(file, json ?? false);
    });
}
