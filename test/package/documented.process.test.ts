/** Each command of the README and docs/ that an operator types, as it stands there, in a shell beside a running service. */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DispatchView } from '../../src/contract/dispatch';
import { commandsInSentences, documentedCommands, runnerOf } from '../helpers/documented';
import { until } from '../helpers/until';
import { buildOnce, openDesk, ROOT, ticketForTheField, type Desk, type Run } from '../helpers/process';

let desk: Desk;
let service: { run: Run; url: string };
/** Where the shell stands: like a clone that has been started in. */
let folder: string;
let ticket: number;
beforeAll(async () => {
  await buildOnce();
  desk = await openDesk();
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-documented-'));
  symlinkSync(desk.dataDir, join(folder, '.deskbridge'));
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'people.csv'), 'email,name,marketing_consent\nann@example.com,Ann,true\n');
  const event = { type: 'track', event: 'Signed Up', userId: 'usr_9', context: { consent: { marketing: true } } };
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event));
  service = await desk.start({ DESKBRIDGE_CONFIG: join(folder, 'config/deskbridge.yaml') });
  // The tickets of the documents have been there a while.
  await desk.sandbox('PATCH', '/knobs', { freshdesk: { dueDates: 'atBirth' } });
  ticket = await ticketForTheField(desk, { custom_fields: { cf_site_address: null } });
  await desk.view(service.url, ticket, 'the missing address', (view) => view.attention?.reason === 'mapping');
  const whole = await ticketForTheField(desk);
  writeFileSync(join(folder, 'tickets.csv'), `ticket\n${whole}\n`);
  writeFileSync(join(folder, 'ticket.json'), JSON.stringify(await desk.sandbox('GET', `/tickets/${whole}`)));
});
afterAll(async () => {
  await desk.cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

const commands = [
  ...new Set(
    [...documentedCommands(), ...commandsInSentences()]
      .map(({ command }) => command)
      .filter((command) => runnerOf(command) === 'shell'),
  ),
];
/** Variables that a line sets are there for the next ones. */
const variables = commands.filter((command) => /^[A-Z]+=/.test(command));

const KEY_LINE = 'echo "DESKBRIDGE_ENCRYPTION_KEYS=k2026:$(openssl rand -base64 32)" >> .env';

interface Expected {
  before?: () => Promise<unknown>;
  says?: RegExp;
  /** It asks for what comes about by itself: it is typed until it says so. */
  eventually?: boolean;
  /** What is so when it has ended with 0. */
  after?: () => Promise<unknown>;
}
const reaches = (state: DispatchView['state']) => (): Promise<DispatchView> =>
  desk.view(service.url, ticket, state, (view) => view.state === state);

/** What can be told of a command, beyond that it ends with 0. */
const EXPECTED: Record<string, Expected> = {
  'npx deskbridge contacts show usr_123': { says: /: created$/m, eventually: true },
  'npx deskbridge list --state attention': { says: /attention .*mapping: .*location\.address1/ },
  'npx deskbridge show 4711': { says: /Fill in "Site address"/ },
  'npx deskbridge cancel 4711 --reason "…"': {
    before: async () => {
      const patch = { custom_fields: { cf_site_address: '200 Elm Ave' } };
      await desk.sandbox('PATCH', `/tickets/${ticket}`, { patch, performer: 'agent' });
      await reaches('dispatched')();
    },
    after: reaches('cancelled'),
  },
  'npx deskbridge dispatch 4711': { after: reaches('dispatched') },
  'npx deskbridge dispatch --file tickets.csv': { says: /Left out[\s\S]*Visit 1 is under way/ },
  'npx deskbridge resync 4711': { says: /Deskbridge reads ticket \d+ again/ },
  'npx deskbridge mapping preview 4711': { says: /Nothing was sent[\s\S]*200 Elm Ave/ },
  'npx deskbridge contacts import people.csv': { says: /created/ },
  'npx deskbridge contacts show ann@example.com': { says: /: created\b/ },
  'npx deskbridge doctor --probe': { says: /delete: work order \d+ is deleted/ },
  [KEY_LINE]: {
    after: async () => {
      expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/^DESKBRIDGE_ENCRYPTION_KEYS=k2026:[\w+/]{43}=$/m);
      // The service has not been restarted: it could not read what the next commands would encrypt.
      await rm(join(folder, '.env'));
    },
  },
  'kill -HUP <pid>': {
    before: () => appendFile(join(folder, 'config/deskbridge.yaml'), '\n# another comment\n'),
    after: () => service.run.says(/config reloaded/),
  },
};

test.each(commands)('%s', async (command) => {
  const { before, says, eventually = false, after } = EXPECTED[command] ?? {};
  await before?.();
  const typed = command
    .replaceAll('4711', String(ticket))
    .replaceAll('http://127.0.0.1:3000', service.url)
    .replaceAll('<pid>', String(service.run.pid));
  const npx = `npx() { shift; '${process.execPath}' '${ROOT}/scripts/deskbridge.js' "$@"; }`;
  const type = async (): Promise<string> => {
    const once = (): Run => desk.run('sh', ['-c', [`cd '${folder}'`, npx, ...variables, typed].join('\n')]);
    let run = once();
    // 3: Temporal did not answer in time, as may be where everything is slow.
    await until('Temporal to answer', async () => (await run.ended) !== 3 || !(run = once()));
    const ended = await run.ended;
    const said = `${run.out()}${run.err()}`;
    if (ended !== 0) throw new Error(`It ended with ${ended}:\n${said}`);
    return said;
  };
  let said = await type();
  if (eventually && says) await until(`${says}`, async () => says.test(said) || says.test((said = await type())));
  if (says) expect(said).toMatch(says);
  await after?.();
});

test('what is expected of a command is expected of one that is documented', () => {
  expect(commands).toEqual(expect.arrayContaining(Object.keys(EXPECTED)));
});
