/** `backup` and `restore`, for the embedded Temporal server. */
import type { Command, Option } from 'commander';

export function addBackupCommands(program: Command, jsonOption: () => Option): void {
  program
    .command('backup')
    .description('copy the data of the embedded Temporal server into one file, while it runs or not')
    .argument('<file>', 'a new file, such as deskbridge-monday.tar.gz')
    .addOption(jsonOption())
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { backup } = await import('./backup');
      await backup(file, json ?? false);
    });

  program
    .command('restore')
    .description('put a backup in the place of the data; what was there is kept aside')
    .argument('<file>', 'a file that `deskbridge backup` made')
    .option('--check', 'check the file and say what it holds; change nothing')
    .addOption(jsonOption())
    .action(async (file: string, { check, json }: { check?: boolean; json?: boolean }) => {
      const { restore } = await import('./backup');
      await restore(file, { checkOnly: check ?? false, json: json ?? false });
    });
}
