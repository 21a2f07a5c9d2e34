/**
 * Runs what `Dockerfile` and `docker-compose.yml` say without pulling an image: the steps of the build in a folder of its own,
 * then web and worker from it, as a user without rights on a read-only root, against a Temporal server of their own; their
 * health checks, and SIGTERM within the grace period. Needs Linux and root. The base image's Debian is not tried here.
 */
'use strict';
const { spawn, spawnSync, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parse } = require('yaml');

const root = path.resolve(__dirname, '..');
const NOBODY = 65534;
const DEFAULT_GRACE = '10s';
const SECRET = 'of-the-image-without-docker';
/** Upstreams that nothing listens for: no service must need them to start, to be healthy or to end. */
const NOWHERE = 'http://127.0.0.1:9';
const SETTINGS = {
  ...{ ADMIN_TOKEN: SECRET, CONTACTS_HASH_KEY: SECRET, EVENTS_WRITE_KEY: SECRET },
  ...{ FRESHDESK_WEBHOOK_SECRET: SECRET, FIELD_NATION_WEBHOOK_SECRET: SECRET },
  ...{ FRESHDESK_DOMAIN: 'acme', FRESHDESK_BASE_URL: NOWHERE, FRESHDESK_API_KEY: SECRET },
  ...{ FIELD_NATION_BASE_URL: NOWHERE, FIELD_NATION_CLIENT_ID: SECRET, FIELD_NATION_CLIENT_SECRET: SECRET },
  ...{ FIELD_NATION_USERNAME: SECRET, FIELD_NATION_PASSWORD: SECRET },
};

const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

/** The instructions of each stage, with lines that go on joined. */
function stagesOf(dockerfile) {
  const lines = dockerfile
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => /^([A-Z]+)\s+(.*)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
  return lines.reduce((stages, line) => {
    if (line.startsWith('FROM ')) stages.push([]);
    stages.at(-1)?.push(line);
    return stages;
  }, []);
}

/** Copies as COPY does; `.dockerignore` lets through what is named here, and no more. */
function copy(instruction, from, to) {
  const names = instruction.replace(/^COPY (--from=\w+ )?/, '').split(/\s+/);
  const target = names.pop();
  for (const name of names) {
    const place = target.endsWith('/') ? path.join(to, target, path.basename(name)) : path.join(to, target);
    fs.cpSync(path.join(from, name), place, { recursive: true, verbatimSymlinks: true });
  }
}

/** Makes the folder that the image would hold as /app. */
function build(folder) {
  const [building, running] = stagesOf(read('Dockerfile'));
  const [made, app] = ['build', 'app'].map((name) => path.join(folder, name));
  for (const place of [made, app]) fs.mkdirSync(place);
  for (const line of building) {
    if (line.startsWith('COPY ')) copy(line, root, made);
    if (line.startsWith('RUN ')) execFileSync('sh', ['-c', line.slice(4)], { cwd: made, stdio: 'inherit' });
  }
  for (const line of running) {
    if (line.startsWith('COPY --from=build /app/')) copy(line.replaceAll('/app/', ''), made, app);
    else if (line.startsWith('COPY ')) copy(line, root, app);
  }
}

function entrypointOf() {
  const line = stagesOf(read('Dockerfile'))[1].find((one) => one.startsWith('ENTRYPOINT '));
  return JSON.parse(line.slice('ENTRYPOINT '.length));
}

/** Runs `command` as the container would: nothing but the data dir and /tmp can be written to. */
function contained(app, data, command, env) {
  const script = [
    'mount --make-rprivate / && mount --bind "$1" "$1" && mount --bind "$2" "$2"',
    'mount -o remount,bind,ro "$1" && mount -o remount,bind,ro / && mount -t tmpfs tmpfs /tmp',
    'cd "$1" && shift 2 && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"',
  ].join(' && ');
  const args = ['--mount', 'sh', '-ec', script, 'sh', app, data, ...command];
  return spawn('unshare', args, { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env }, stdio: 'inherit' });
}

const ended = (child) => new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
/** Nothing waits for what no longer matters: the services keep this process alive. */
const wait = (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref());
const seconds = (text) => Number.parseInt(text, 10);

/** Whether the health check of compose passes before it would call the container unhealthy. */
async function healthy({ test, interval, start_period: startPeriod, retries }, app) {
  const [, program, ...args] = test;
  const deadline = Date.now() + 1000 * (seconds(startPeriod) + retries * seconds(interval));
  do {
    if (spawnSync(program, args, { cwd: app, stdio: 'ignore' }).status === 0) return true;
    await wait(500);
  } while (Date.now() < deadline);
  return false;
}

/** What is wrong with a service of compose; its values without a name in SETTINGS are compose's own. */
async function tryService(name, service, { app, entrypoint, data }, temporal) {
  const own = Object.entries(service.environment).flatMap(([key, value]) => {
    const given = { ...SETTINGS, TEMPORAL_ADDRESS: temporal, DESKBRIDGE_DATA_DIR: data }[key] ?? value;
    return given === null ? [] : [[key, given]];
  });
  const env = { NODE_ENV: 'production', ...Object.fromEntries(own) };
  const child = contained(app, data, [...entrypoint, ...service.command], env);
  const end = ended(child);
  const first = await Promise.race([healthy(service.healthcheck, app), end]);
  if (first !== true) {
    child.kill('SIGKILL');
    return [first === false ? `${name}: its health check fails` : `${name}: ended by itself with ${first}`];
  }
  const user = /^Uid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  const grace = seconds(service.stop_grace_period ?? DEFAULT_GRACE);
  const stoppedAt = Date.now();
  child.kill('SIGTERM');
  const code = await Promise.race([end, wait(grace * 1000).then(() => `not within ${grace} s`)]);
  child.kill('SIGKILL');
  console.log(`${name}: healthy as user ${user}; ended ${code} after ${Date.now() - stoppedAt} ms of SIGTERM`);
  return [
    ...(user === String(NOBODY) ? [] : [`${name}: runs as user ${user}`]),
    ...(code === 0 ? [] : [`${name}: SIGTERM ends it ${code}`]),
  ];
}

/** Both services from what was built, one after the other, in a network where nothing but this machine can be reached. */
async function run(folder) {
  const image = { app: path.join(folder, 'app'), data: path.join(folder, 'data'), entrypoint: entrypointOf() };
  fs.mkdirSync(image.data);
  fs.chownSync(image.data, NOBODY, NOBODY);
  fs.chmodSync(folder, 0o755);
  const { startEmbeddedEngine } = require(path.join(image.app, 'dist/engine'));
  const engine = await startEmbeddedEngine({
    ...{ dataDir: path.join(folder, 'engine'), env: process.env, report: console.log, port: 0 },
  });
  try {
    const { services } = parse(read('docker-compose.yml'), { merge: true });
    // The worker first: the web server hands webhooks on once a worker has said what the account can do.
    for (const name of ['worker', 'web']) {
      const problems = await tryService(name, services[name], image, engine.address);
      for (const problem of problems) console.log(problem);
      if (problems.length > 0) process.exitCode = 1;
    }
  } finally {
    await engine.stop();
  }
}

function main() {
  const folder = fs.mkdtempSync('/var/tmp/deskbridge-image-');
  try {
    build(folder);
    const alone = ['--net', 'sh', '-ec', 'ip link set lo up && exec "$@"', 'sh', process.execPath, __filename, folder];
    process.exitCode = spawnSync('unshare', alone, { stdio: 'inherit' }).status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2]) void run(process.argv[2]);
else main();
