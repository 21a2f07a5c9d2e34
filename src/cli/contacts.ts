/** `contacts import`, `show` and `replay`: contacts from a file, what became of anybody's events, and once more. */
import type { Command, Option } from 'commander';

interface Json {
  json?: boolean;
}

const IMPORT_HELP = `
The file is CSV (with a header; comma, semicolon or tab) or has one JSON object on each line, as in a batch of events.
CSV columns: email, user_id, phone, name, firstName, lastName, title, jobTitle, job_title, company_id, event (default
Identified), method, timestamp (default: the file's own), marketing_consent (true or false; rows without true are dropped,
false takes the consent tag off), and those that the config names.
CSV cells are text; for numbers in custom fields use JSON lines.

Rows that were not done, or not with all they hold, are in FILE.report.csv, with line and reason. Correct them there and import that
file. After a change in Freshdesk or the config, import the whole file with --again. A stopped import goes on with the same command.`;

/** Promise: nothing is loaded for it before it is asked for. */
export function addContactCommands(program: Command, jsonOption: () => Option): void {
  const contacts = program.command('contacts').description('Freshdesk contacts from events and files').exitOverride();

  contacts
    .command('import')
    .description('send the contacts of a file, CSV or JSON lines, through the same gates as events')
    .argument('<file>', 'the file; a report is written beside it')
    .option('--again', 'import the same file once more, as a new import; after a stop it cannot be resumed')
    .addOption(jsonOption())
    .addHelpText('after', IMPORT_HELP)
    .exitOverride()
    .action(async (file: string, { again, json }: { again?: boolean } & Json) => {
      const [{ importContacts }, { connectImport }] = await Promise.all([
        import('./import/command'),
        import('./import/connect'),
      ]);
      await importContacts({ file, again: again ?? false, json: json ?? false }, connectImport);
    });

  contacts
    .command('show')
    .description("what came of a person's events and import rows")
    .argument('<who>', 'user id or e-mail')
    .addOption(jsonOption())
    .exitOverride()
    .action(async (who: string, { json }: Json) => {
      const { showContact } = await import('./contacts-show');
      await showContact(who, json ?? false);
    });

  contacts
    .command('replay')
    .description('send contact events again that ended as rejected or conflict, once you fixed the cause')
    .option('--outcome <outcome>', 'rejected or conflict alone')
    .option('--since <time>', 'ended since then: a length of time such as 2h, or a time')
    .option('--yes', 'send them; without it only the counts are shown')
    .addOption(jsonOption())
    .exitOverride()
    .action(async ({ outcome, since, yes, json }: { outcome?: string; since?: string; yes?: boolean } & Json) => {
      const { replayContacts } = await import('./contacts-replay');
      const chosen = { ...(outcome === undefined ? {} : { outcome }), ...(since === undefined ? {} : { since }) };
      await replayContacts({ ...chosen, yes: yes ?? false, json: json ?? false });
    });
}
