/**
 * Has Schemathesis send our interface whatever its OpenAPI document allows, and does not: a whole Deskbridge beside both
 * sandboxes, with a data dir of its own, is asked over HTTP. The tool comes from the Python registry.
 */
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { join } = require('node:path');

const SCHEMATHESIS = 'schemathesis==4.32.5';
const WITHIN_MS = 600_000;
const SECRET = 'fuzzed-by-schemathesis';
const basic = Buffer.from(`${SECRET}:`).toString('base64');

/**
 * Not checked, since the interface is so on purpose: a path by another method is as unknown as any other path (404), and the
 * intake overlooks what odd senders add. A 503 says that Temporal is too slow just now, which a laden machine may be. No
 * schema tells a cursor that a list gave out from one that is made up (400).
 */
const CONFIG = `
[checks]
unsupported_method.enabled = false
negative_data_rejection.enabled = false
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]

[[operations]]
include-path = "/api/dispatches"
include-method = "GET"
headers = { Authorization = "Bearer ${SECRET}" }
[operations.checks]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "429", "5xx"]

[[operations]]
include-path-regex = "^/api/"
headers = { Authorization = "Bearer ${SECRET}" }

[[operations]]
include-path-regex = "^/v1/"
headers = { Authorization = "Basic ${basic}" }

[[operations]]
include-path = "/webhooks/freshdesk"
headers = { X-Webhook-Secret = "${SECRET}" }
`;

/**
 * @param {string} root of a built Deskbridge
 * @param {string} folder for the tool, the data dir and the report
 * @param {number} examples for each operation at most, in each of the tool's phases
 * @returns {Promise<{ problems: string[], told: string } | null>} null: the tool could not be had
 */
async function fuzz(root, folder, examples) {
  const tool = installed(folder);
  if (tool === null) return null;
  const desk = await started(root, folder);
  try {
    writeFileSync(join(folder, 'schemathesis.toml'), CONFIG);
    const args = ['--config-file', join(folder, 'schemathesis.toml'), 'run', `${desk.url}/openapi.json`];
    const options = ['--max-examples', String(examples), '--continue-on-failure', '--request-timeout', '30'];
    const { status, stdout } = await output(tool, [...args, ...options, '--warnings', 'off', '--no-color'], folder);
    const told = /^ *\d+ generated.*$/m.exec(stdout)?.[0].trim() ?? 'no case was counted';
    return { problems: status === 0 ? [] : [stdout], told };
  } finally {
    await desk.stop();
  }
}

function installed(folder) {
  const python = (...args) => spawnSync('python3', args, { cwd: folder, stdio: 'ignore', timeout: WITHIN_MS });
  if (python('-m', 'venv', 'python').status !== 0) return null;
  const pip = spawnSync(join(folder, 'python/bin/pip'), ['install', '--quiet', SCHEMATHESIS], {
    ...{ stdio: 'ignore', timeout: WITHIN_MS },
  });
  return pip.status === 0 ? join(folder, 'python/bin/st') : null;
}

/** Deskbridge with one and the same known secret for all that is asked. */
async function started(root, folder) {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'dist/src/cli/main.js'), 'start'], {
    cwd: root,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), LOG_LEVEL: 'error' },
      ...{ DESKBRIDGE_DATA_DIR: join(folder, 'data'), ADMIN_TOKEN: SECRET },
      ...{ EVENTS_WRITE_KEY: SECRET, FRESHDESK_WEBHOOK_SECRET: SECRET },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve) => {
    let said = '';
    child.stdout.on('data', (piece) => (said += piece).includes('Deskbridge is ready') && resolve('ready'));
  });
  if ((await Promise.race([ready, ended])) !== 'ready') throw new Error('Deskbridge did not start.');
  return { url: `http://127.0.0.1:${port}`, stop: () => (child.kill('SIGTERM'), ended) };
}

function output(program, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (piece) => (stdout += piece));
    child.once('error', reject).once('close', (status) => resolve({ status, stdout }));
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

module.exports = { SCHEMATHESIS, fuzz };
