import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PROGRAM = join(__dirname, '..', '..', 'scripts', 'deskbridge.js');
const SHIPPED = join(__dirname, '..', '..', 'config', 'deskbridge.yaml');

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-cli-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

/** Runs the program in an empty folder, with no settings but those given. */
function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const began = Date.now();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { PATH, HOME, DESKBRIDGE_DATA_DIR: join(folder, 'data'), DESKBRIDGE_CONFIG: SHIPPED, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, ms: Date.now() - began }));
  });
}

it.each(
  [
    [],
    ['start'],
    ['demo'],
    ['list'],
    ['show'],
    ['dispatch'],
    ['retry'],
    ['resync'],
    ['cancel'],
    ['pause'],
    ['resume'],
    ['approve'],
    ['mapping', 'check'],
    ['mapping', 'preview'],
    ['doctor'],
    ['fields'],
    ['fields', 'freshdesk'],
    ['fields', 'field-nation'],
    ['setup'],
    ['setup', 'freshdesk'],
    ['setup', 'field-nation'],
    ['contacts', 'import'],
    ['contacts', 'show'],
  ].map((c) => [c]),
)('shows help of %j and ends with 0', async (command) => {
  const { code, stdout } = await run([...command, '--help']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: deskbridge')]);
});

it('suggests a command for one it does not know, and ends with 2', async () => {
  const { code, stdout, stderr } = await run(['lst', '--json']);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/did you mean list/i)]);
});

it.each([
  [['doctr'], 'doctor'],
  [['mapping', 'chek'], 'check'],
  [['fields', 'fieldnation'], 'field-nation'],
  [['setup', 'freshdsk'], 'freshdesk'],
  [['doctor', '--prob'], '--probe'],
  [['list', '--stat', 'attention'], '--state'],
  [['retry', '--reson', 'mapping'], '--reason'],
])('suggests what was meant by %j', async (args, meant) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`Did you mean ${meant}?`)]);
});

it('shows help without loading what only the commands need', async () => {
  const main = join(__dirname, '../../dist/src/cli/main.js');
  const script = `
    process.argv[2] = '--help';
    process.on('exit', () => console.error(Object.keys(require.cache).join('\\n')));
    require(${JSON.stringify(main)});`;
  await run(['--help']);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', script, '--', '--help']);
  expect(stdout).toContain('Usage: deskbridge');
  expect(stderr).toContain('commander');
  expect(stderr).not.toMatch(/node_modules.(@temporalio|zod|yaml|undici|cli-table3)/);
});

it.each([[['cancel', '5']], [['show', 'x']], [['list', '--limit', '0']], [['list', '--state', 'odd']]])(
  'ends with 2 for the usage %j',
  async (args) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('error')]);
  },
);

it.each(['list', 'start'])('lists every wrong setting before %s, and ends with 2', async (command) => {
  const { code, stdout, stderr } = await run([command], { PORT: 'x', FRESHDESK_DOMAIN: 'acme', EVENTS_WRITE_KEY: 'x' });
  expect([code, stdout]).toEqual([2, '']);
  for (const name of ['PORT', 'FRESHDESK_API_KEY', 'EVENTS_WRITE_KEY']) expect(stderr).toContain(`${name}: `);
});

it.each<[string, Record<string, string>]>([
  ['no server runs', {}],
  ['nothing listens', { TEMPORAL_ADDRESS: '127.0.0.1:1' }],
])('ends with 3 within seconds when %s', async (_, env) => {
  const { code, stdout, stderr, ms } = await run(['list', '--json'], env);
  expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining('TEMPORAL_ADDRESS')]);
  // Starting the program is none of it.
  expect(ms - (await run(['list', '--help'])).ms).toBeLessThan(20_000);
});

it('checks a good config file, in words and as JSON', async () => {
  expect(await run(['mapping', 'check'])).toMatchObject({ code: 0, stdout: expect.stringContaining('is fine') });
  const { code, stdout } = await run(['mapping', 'check', '--json']);
  expect([code, JSON.parse(stdout)]).toEqual([0, { file: SHIPPED, problems: [] }]);
});

it('tells where a config file is wrong, and ends with 2; start too', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'dispatch:\n  afterCreat: draft\n');
  const env = { DESKBRIDGE_CONFIG: file, PORT: '0' };
  const checked = await run(['mapping', 'check', '--json'], env);
  expect([checked.code, JSON.parse(checked.stdout).problems]).toEqual([2, [expect.objectContaining({ line: 2 })]]);
  expect(await run(['start'], env)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('afterCreat'),
  });
});

it('ends a start with 2 and the name PORT when the port is taken', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  const ended = await run(['start'], { PORT: port });
  await new Promise((resolve) => taken.close(resolve));
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`PORT: ${port} `)) });
});
