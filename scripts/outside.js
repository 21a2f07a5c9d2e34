/**
 * Has tools of others judge what others rely on: Redocly lints our OpenAPI document, the library of Standard Webhooks
 * verifies an alert of ours, and Schemathesis sends what the document describes. They come from their registries when they
 * are asked; `npm run outside`, or `npm run outside -- 100` for so many examples of each operation. Ends with 1 when one of
 * them finds something; one that cannot be had is named, and nothing is claimed for it.
 */
const { execFileSync, spawnSync } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { fuzz, SCHEMATHESIS } = require('./schemathesis');

const REDOCLY = '@redocly/cli@2.77.0';
const WEBHOOKS = 'standardwebhooks@1.1.1';
const WITHIN_MS = 180_000;
const EXAMPLES = 20;
/** The product has no licence of its own to name, and probes and documents refuse nobody. */
const LEFT_OUT = ['info-license', 'operation-4xx-response'];

const root = resolve(__dirname, '..');
const built = (name) => require(join(root, 'dist/src', name));
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** What is wrong; null: the tool could not be had. */
function lintOpenApi(folder) {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(built('http/openapi/document').openApiDocument()));
  const skipped = LEFT_OUT.flatMap((rule) => ['--skip-rule', rule]);
  const args = ['--yes', REDOCLY, 'lint', file, '--extends', 'recommended', '--format', 'json', ...skipped];
  const { stdout } = spawnSync(npx, args, { cwd: folder, encoding: 'utf8', timeout: WITHIN_MS });
  const begin = (stdout ?? '').indexOf('{');
  if (begin < 0) return null;
  const { problems } = JSON.parse(stdout.slice(begin));
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location?.[0]?.pointer ?? ''}`);
}

/** The same: an alert as it really goes out, and a changed one, which must not pass. */
async function verifyAlert(folder) {
  try {
    const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', WEBHOOKS];
    execFileSync(npm, args, { stdio: 'ignore', timeout: WITHIN_MS });
  } catch {
    return null;
  }
  const { Webhook } = require(join(folder, 'node_modules/standardwebhooks'));
  const secret = randomBytes(32);
  const webhook = new Webhook(`whsec_${secret.toString('base64')}`);
  const received = [];
  const server = createServer((request, response) => {
    let body = '';
    request
      .on('data', (piece) => (body += piece))
      .on('end', () => {
        received.push({ body, headers: request.headers });
        response.end();
      });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const hook = built('clients/alert-hook').createAlertHook({ secret });
  const url = `http://127.0.0.1:${server.address().port}/`;
  const body = JSON.stringify({ type: 'deskbridge.alerts', text: 'grün – ✓' });
  const refused = await hook.post({ url, id: 'msg_1', body }, new AbortController().signal);
  await hook.close();
  server.close();
  if (refused !== null) return [`the alert did not go out: ${refused}`];
  const problems = [];
  const [{ headers }] = received;
  const passes = (text) => {
    try {
      webhook.verify(text, headers);
      return true;
    } catch {
      return false;
    }
  };
  if (!passes(received[0].body)) problems.push('an alert of ours is not verified');
  if (passes(`${received[0].body} `)) problems.push('a changed alert is verified');
  return problems;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-outside-'));
  let found = 0;
  const tell = (tool, what, problems) => {
    if (problems === null)
      return console.log(`${what}: not checked, since ${tool} could not be fetched from its registry.`);
    found += problems.length;
    console.log(`${what}: ${problems.length === 0 ? `${tool} finds nothing.` : `${tool} finds ${problems.length}:`}`);
    for (const problem of problems) console.log(`  ${problem}`);
  };
  try {
    tell(REDOCLY, 'OpenAPI document', lintOpenApi(folder));
    tell(WEBHOOKS, 'Signature of alerts', await verifyAlert(folder));
    const fuzzed = await fuzz(root, folder, Number(process.argv[2] ?? EXAMPLES));
    tell(SCHEMATHESIS, `Interface${fuzzed ? ` (${fuzzed.told})` : ''}`, fuzzed?.problems ?? null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exitCode = found > 0 ? 1 : 0;
}

void main();
