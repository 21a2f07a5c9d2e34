import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configDifference } from '../../src/config/difference';
import { parseConfig } from '../../src/config/load';
import { createAudit, type Audit, type AuditEntry } from '../../src/http/audit';
import { createLogger } from '../../src/log';
import { serveApp, type AppServer } from '../edge/app-server';

const ANN = 'canary-token-of-ann';
let folder: string;
let file: string;
let lines: string[];
let app: AppServer | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-audit-'));
  file = join(folder, 'audit.jsonl');
  lines = [];
});
afterEach(async () => {
  await app?.close();
  app = null;
  rmSync(folder, { recursive: true });
});
const auditOf = (path: string | null): Audit =>
  createAudit({ file: path, log: createLogger('info', false, { write: (line) => void lines.push(line) }) });
const written = (): AuditEntry[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry);
const bearer = { authorization: `Bearer ${ANN}`, 'content-type': 'application/json' };

it('one line for each act says when, who, by what and on which ticket, and holds no secret and no address', async () => {
  app = await serveApp({}, { adminToken: `ann:${ANN}`, audit: auditOf(file) });
  const form = (path: string, body: string, cookie = ''): Promise<Response> =>
    fetch(`${app?.url}${path}`, {
      ...{ method: 'POST', redirect: 'manual', body },
      headers: { origin: app?.url ?? '', 'content-type': 'application/x-www-form-urlencoded', cookie },
    });
  await form('/sign-in', 'token=wrong');
  const cookie = (await form('/sign-in', `token=${ANN}`)).headers.get('set-cookie')?.split(';')[0];
  await form('/dispatches/7/retry', '', cookie);
  await app.post('/api/dispatches', '{"ticket_id":8}', bearer);
  await app.post('/api/dispatches/8/cancel', '{"reason":"told by jo@example.com","by":"Carol"}', bearer);
  await app.post('/api/pause', '{"reason":"told by jo@example.com"}', bearer);
  await app.post('/api/resume', '{}', bearer);
  await form('/sign-out', '', cookie);

  expect(written().map(({ at: _, ...entry }) => entry)).toEqual([
    { act: 'sign-in refused', who: null, via: null, what: null, detail: null },
    { act: 'signed in', who: 'ann', via: 'session', what: null, detail: 'by the token' },
    { act: 'retried', who: 'ann', via: 'session', what: 'ticket 7', detail: null },
    { act: 'dispatched', who: 'ann', via: 'token', what: 'ticket 8', detail: null },
    { act: 'cancelled', who: 'ann', via: 'token', what: 'ticket 8', detail: 'for Carol' },
    { act: 'paused', who: 'ann', via: 'token', what: null, detail: null },
    { act: 'resumed', who: 'ann', via: 'token', what: null, detail: null },
    { act: 'signed out', who: 'ann', via: 'session', what: null, detail: null },
  ]);
  expect(Date.now() - Date.parse(written()[0]?.at ?? '')).toBeLessThan(60_000);
  expect(readFileSync(file, 'utf8') + lines.join('')).not.toMatch(/canary|jo@example/);
  expect(lines.filter((line) => line.includes('"audit":true'))).toHaveLength(8);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const page = await (await fetch(`${app.url}/audit`, { headers: bearer })).text();
  expect(page.indexOf('signed out')).toBeLessThan(page.indexOf('dispatched ticket 8'));
  expect(page).toContain('for Carol');
});

it('what was refused, or failed, is no act', async () => {
  const cancel = (): Promise<never> => Promise.reject(new Error('away'));
  app = await serveApp({ cancel }, { adminToken: `ann:${ANN}`, audit: auditOf(file) });
  await app.post('/api/dispatches/7/retry', '', { authorization: 'Bearer wrong-token-it-is' });
  await app.post('/api/dispatches/7/cancel', '{"reason":"x"}', bearer);
  expect(auditOf(file).newest(10)).toEqual([]);
});

it('without a data dir of its own a process writes log lines only, and its page says so', async () => {
  const audit = auditOf(null);
  audit.note({ act: 'retried', by: { who: 'ann', via: 'token' }, what: 'ticket 7' });
  expect(lines.join('')).toMatch(/"act":"retried","who":"ann"/);
  app = await serveApp({}, { adminToken: `ann:${ANN}`, audit });
  expect(await (await fetch(`${app.url}/audit`, { headers: bearer })).text()).toContain(
    'writes the audit trail into its log',
  );
});

it('the file has a bound, with one older file beside it, and half a line hides nothing', () => {
  const audit = auditOf(file);
  audit.note({ act: 'paused', by: { who: 'ann', via: 'token' } });
  appendFileSync(file, '{"act":"half\n');
  audit.note({ act: 'resumed', by: { who: 'ann', via: 'token' } });
  expect(audit.newest(10)?.map(({ act }) => act)).toEqual(['resumed', 'paused']);

  writeFileSync(file, `${'x'.repeat(99)}\n`.repeat(50_001), { flag: 'a' });
  audit.note({ act: 'approved', by: { who: 'ann', via: 'token' } });
  expect(statSync(file).size).toBeLessThan(1_000);
  expect(statSync(`${file}.1`).size).toBeGreaterThan(5_000_000);
  expect(audit.newest(10)?.map(({ act }) => act)).toEqual(['approved']);
});

it('a trail that cannot be written holds nothing up', () => {
  auditOf(join(folder, 'no', 'such', 'folder')).note({ act: 'retried', by: { who: null, via: 'token' } });
  expect(lines.join('')).toContain('the audit trail cannot be written');
});

it('a config is told by what it changed, without the address that alerts go to', () => {
  const before = parseConfig('alerts: { url: "https://hooks.example.com/canary-1" }', 'a.yaml');
  const text =
    'alerts: { url: "https://hooks.example.com/canary-2" }\ndispatch: { afterCreate: draft, when: { tags: [visit] } }';
  const said = configDifference(before, parseConfig(text, 'a.yaml'));
  expect(said).toContain('dispatch.afterCreate: "publish" → "draft"');
  expect(said).toContain('dispatch.when.tags: ["on-site"] → ["visit"]');
  expect(said).toContain('alerts.url changed');
  expect(said).not.toContain('canary');
  expect(configDifference(before, before)).toBe('nothing changed');
});
