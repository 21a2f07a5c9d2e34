/** `doctor`, `fields`, `setup`: what connects the accounts, and says what is missing. */
import type { Command, Option } from 'commander';

interface Json {
  json?: boolean;
}

const DOCTOR_HELP = `
Ends with 1 when a line is red: settings, Temporal, keys and rights, names of the config that do not exist. Set-up that it
cannot find (rules, webhook) is yellow. It reads only; --probe makes one draft in Field Nation, never publishes it, and
deletes it, also after Ctrl-C.`;

/** Promise: nothing is loaded for them before they are asked for. */
export function addSetupCommands(program: Command, jsonOption: () => Option): void {
  program
    .command('doctor')
    .description('check settings, Temporal, both accounts and all names of the config; each line with its remedy')
    .option('--probe', 'test what is assumed of Field Nation with one draft on the real company, and delete it')
    .addOption(jsonOption())
    .addHelpText('after', DOCTOR_HELP)
    .action(async ({ probe, json }: { probe?: boolean } & Json) => {
      const { doctor } = await import('./doctor/command');
      await doctor({ json: json ?? false, withProbe: probe ?? false });
    });

  const fields = program.command('fields').description('what the config can name, as the accounts have it');
  fields
    .command('freshdesk')
    .description('ticket fields with choices, contact fields')
    .addOption(jsonOption())
    .action(async ({ json }: Json) => {
      const { freshdeskFields } = await import('./fields');
      await freshdeskFields(json ?? false);
    });
  fields
    .command('field-nation')
    .description('work-order custom fields and types of work, with their ids')
    .addOption(jsonOption())
    .action(async ({ json }: Json) => {
      const { fieldNationFields } = await import('./fields');
      await fieldNationFields(json ?? false);
    });

  const setup = program.command('setup').description('connect the accounts with this service; safe to run again');
  setup
    .command('freshdesk')
    .description('show the automation rules to paste, and what the account lacks')
    .option('--url <address>', 'root of this service as Freshdesk reaches it, such as https://desk.example.com')
    .option('--apply', 'make the missing fields and rules through the API (key of an administrator)')
    .addOption(jsonOption())
    .action(async ({ url, apply, json }: { url?: string; apply?: boolean } & Json) => {
      const { setupFreshdesk } = await import('./setup/freshdesk');
      await setupFreshdesk({ url, apply: apply ?? false, json: json ?? false });
    });
  setup
    .command('field-nation')
    .description('register the webhook with the events that are needed')
    .option('--url <address>', 'root of this service as Field Nation reaches it, such as https://desk.example.com')
    .option('--mail <address>', 'who gets an e-mail when Field Nation switches the webhook off')
    .addOption(jsonOption())
    .action(async ({ url, mail, json }: { url?: string; mail?: string } & Json) => {
      const { setupFieldNation } = await import('./setup/field-nation');
      await setupFieldNation({ url, mail, json: json ?? false });
    });
}
