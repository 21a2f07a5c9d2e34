/** Every command of the README and docs/ is run by a test, or stands below with the reason why not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readOptions } from '../../bench/options';
import { parseSettings } from '../../src/config/settings';
import { commandsInSentences, documentedCommands, runnerOf } from '../helpers/documented';

const ROOT = resolve(__dirname, '../..');

/** By a test that has the command in its own words; the text is the proof that it does. */
const RUN_BY: Record<string, [file: string, proof: string]> = {
  'npm start': ['test/package/start.process.test.ts', "desk.run('npm', ['start']"],
  'npx deskbridge demo': ['test/package/start.process.test.ts', "desk.run('npx', ['deskbridge', 'demo']"],
  'deskbridge start --web': ['test/package/parts.process.test.ts', "['start', '--web']"],
  'deskbridge start --worker': ['test/package/parts.process.test.ts', "['start', '--worker']"],
  'npx deskbridge approve 4711 --amount 1250': ['test/operators/money.e2e.test.ts', "await cli('approve', '4711')"],
  'npm run faults': ['test/faults/faults.process.test.ts', 'runFaults('],
  'npm run faults -- --seed 1': ['test/faults/faults.process.test.ts', 'seed: 17'],
  'npm run bulk': ['test/bulk/bulk.process.test.ts', 'runBulk('],
  'npm run bulk:replay': ['test/bulk/replay/replay.process.test.ts', 'runReplay('],
  'deskbridge contacts replay --yes': ['test/bulk/replay/run.ts', "['contacts', 'replay',"],
  'deskbridge dispatch --file --yes': ['test/bulk/command.ts', "['dispatch', ...args, '--yes']"],
  'npm run simulate': ['test/simulation/simulation.unit.test.ts', 'simulate(['],
  'npm run simulate -- --lives 100000': ['test/simulation/simulation.unit.test.ts', 'simulate(['],
  'npm run sbom': ['test/package/documented-commands.unit.test.ts', "'run', '-s', 'sbom'"],
  'npm run -s sbom': ['test/package/documented-commands.unit.test.ts', "'run', '-s', 'sbom'"],
  'npm ci --ignore-scripts': ['scripts/ready.js', "'ci', withDev"],
  'docker-compose config': ['.ci/run', 'docker-compose -f docker-compose.yml config'],
  'deskbridge --help': ['test/operators/commands.e2e.test.ts', "['--help']"],
  'time npx deskbridge --help': ['test/operators/commands.e2e.test.ts', "['--help']"],
  'npm run build': ['scripts/ready.js', 'build'],
  'npm run lint': ['scripts/check.js', "tool('eslint'"],
  'npm run typecheck': ['scripts/check.js', "tool('typescript'"],
  'npm run test:unit -- test/dispatch/status.unit.test.ts': [
    'test/package/test-scripts.unit.test.ts',
    "listed('test:unit', file)",
  ],
  'npm run test:fast': ['test/package/test-scripts.unit.test.ts', "listed('test:fast')"],
  'kill -9': ['test/dispatch/kill.process.test.ts', 'SIGKILL'],
};

const IN_A_CLUSTER = 'it needs a Kubernetes cluster; test/package/kubernetes.unit.test.ts checks what it applies';

/** By no test. */
const NOT_RUN: Record<string, string> = {
  'npm test': 'it is what runs this test',
  'deskbridge events tail': 'it follows what comes in until it is stopped',
  'npm run dev': 'it runs until it is stopped, and starts what npm start starts; it was run by hand',
  'npm run format': 'it changes files; npm run lint says what it would change',
  'npx jest test/dispatch/status.unit.test.ts': 'it is a part of npm test',
  'npx jest test/dispatch/status-effects.e2e.test.ts': 'it is a part of npm test',
  'npm run histories': 'it writes what test/replay/replay.flow.test.ts reads',
  'SECONDS=0; npm start | while read -r line; do echo "$SECONDS s: $line"; done':
    'it times what test/package/start.process.test.ts runs',
  'npm run simulate:put-backs':
    'it takes minutes; test/simulation/simulation.unit.test.ts holds that each patch fits the code',
  'npm run pictures': 'it writes the pictures of the README; it was run by hand and its pictures looked at',
  'npm run dependencies':
    'it needs the npm registry; test/package/dependencies.unit.test.ts holds how it judges what npm says',
  'npm run outside': 'it needs the npm and Python registries; it was run by hand',
  'npm run outside -- 100': 'it needs the npm and Python registries, and takes long',
  'npm run mutation': 'it needs the npm registry, and takes long; it was run by hand',
  'npm run mutation -- src/domain/pay.ts': 'it needs the npm registry; it was run by hand',
  'npm run bench': 'it measures for minutes; that it can be called is tested below',
  'npm run test:cluster': 'it builds a Temporal server and needs PostgreSQL; that it can be called is tested below',
  'FUZZ_REQUESTS=100000 FUZZ_SEED=2 npx jest --selectProjects unit --testPathPatterns abuse-fuzz':
    'ten times what every run sends; the same test with fewer requests is a part of npm test',
  'cp config/deskbridge.yaml docs/kubernetes/': IN_A_CLUSTER,
  'cp docs/kubernetes/secrets.env.example docs/kubernetes/secrets.env': IN_A_CLUSTER,
  'cp docs/kubernetes/web-secrets.env.example docs/kubernetes/web-secrets.env': IN_A_CLUSTER,
  'cp docs/kubernetes/worker-secrets.env.example docs/kubernetes/worker-secrets.env': IN_A_CLUSTER,
  'kubectl create secret tls temporal-client -n deskbridge --cert client.pem --key client.key': IN_A_CLUSTER,
  'kubectl create namespace deskbridge': IN_A_CLUSTER,
  'kubectl apply -n deskbridge -k docs/kubernetes': IN_A_CLUSTER,
  'kubectl rollout status -n deskbridge deployment/deskbridge-worker': IN_A_CLUSTER,
  'kubectl kustomize': IN_A_CLUSTER,
};

/** They measure for minutes to hours; that their options are taken is tested below. */
const BENCH = /npm run bench -- ([^;]*)/;

const all = [...documentedCommands(), ...commandsInSentences()];

test('every documented command is run by a test, or it is said why not', () => {
  const forgotten = all.filter(
    ({ command }) =>
      runnerOf(command) === null && !BENCH.test(command) && !(command in RUN_BY) && !(command in NOT_RUN),
  );
  expect(forgotten).toEqual([]);
  expect(all.length).toBeGreaterThan(60);
});

test('nothing is listed that no document has', () => {
  const documented = all.map(({ command }) => command);
  expect(documented).toEqual(expect.arrayContaining([...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)]));
});

test.each(Object.entries(RUN_BY))('%s is run where it is said', (_, [file, proof]) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain(proof);
});

test('the settings of the set-up page are whole and of the right form', () => {
  const settings = documentedCommands().filter(
    ({ place, command }) => place.startsWith('docs/setup.md') && runnerOf(command) === 'setting',
  );
  const secret = '11111111-2222-4333-8444-555555555555';
  const env = settings.map(({ command }) => command.replace('…', secret).split('=', 2) as [string, string]);
  const read = parseSettings(Object.fromEntries(env));
  expect([read.freshdesk?.domain, read.fieldNation?.baseUrl]).toEqual(['acme', 'https://api-sandbox.fndev.net']);
  const known = readFileSync(join(ROOT, '.env.example'), 'utf8').match(/(?<=^#)[A-Z_]+(?==)/gm);
  expect(known).toEqual(expect.arrayContaining(env.map(([name]) => name)));
});

test('every documented bench has options that it takes', () => {
  jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('The options were refused.');
  });
  const benches = all.flatMap(({ command }) => BENCH.exec(command)?.[1]?.trim().replace('$open', '1000') ?? []);
  expect(benches.length).toBeGreaterThan(5);
  for (const options of benches) expect(readOptions(['node', 'bench', ...options.split(/\s+/)]).phases).not.toEqual([]);
});

test('the bill of materials is one', () => {
  const bill = execFileSync('npm', ['run', '-s', 'sbom'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  const { bomFormat, components } = JSON.parse(bill) as { bomFormat: string; components: { name: string }[] };
  expect([bomFormat, components.map(({ name }) => name)]).toEqual(['CycloneDX', expect.arrayContaining(['express'])]);
});

test.each(['bench', 'test:cluster'])('npm run %s can be called', (script) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [program = '', ...args] = `${scripts[script]} --help`.split(' ');
  expect(execFileSync(program, args, { cwd: ROOT, encoding: 'utf8' })).toContain('Usage: npm run');
});
