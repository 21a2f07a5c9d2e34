/** A database whose primary is killed while it is written to; without PostgreSQL on this machine skipped, and it is said. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../helpers/until';
import { startPostgres } from './postgres';
import { postgresFolder } from './programs';

const programs = postgresFolder();
if (programs === null)
  process.stderr.write('LEFT OUT: a fail-over – no PostgreSQL here (apt-get install postgresql).\n');

(programs === null ? describe.skip : describe)('a fail-over', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskbridge-postgres-'));
    // The user that PostgreSQL runs as has to pass.
    await chmod(folder, 0o711);
  });
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('loses nothing of what was acknowledged, twice in a row, at an address that stays', async () => {
    const postgres = await startPostgres(programs as string, folder);
    try {
      await postgres.ask('CREATE TABLE written (number integer)');
      const acknowledged: number[] = [];
      let isWanted = true;
      const write = async (): Promise<void> => {
        for (let number = 1; isWanted; number++)
          await postgres.ask(`INSERT INTO written VALUES (${number})`).then(
            () => acknowledged.push(number),
            () => undefined,
          );
      };
      const writing = write();
      const more = async (): Promise<void> => {
        const before = acknowledged.length;
        await until('more to be acknowledged', () => acknowledged.length >= before + 10);
      };
      await more();
      for (let round = 0; round < 2; round++) {
        await postgres.kill();
        await postgres.failOver();
        await more();
      }
      isWanted = false;
      await writing;
      const kept = (await postgres.ask('SELECT number FROM written')).split('\n').map(Number);
      expect(acknowledged.filter((number) => !kept.includes(number))).toEqual([]);
    } finally {
      await postgres.stop();
    }
  });
});
