import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings, SettingsError } from '../../src/config/settings';
import { needsOf, OWN_SECRETS, NOTHING, type Needs } from '../../src/config/settings-needs';

type Env = Record<string, string>;
const FRESHDESK: Env = {
  ...{
    FRESHDESK_DOMAIN: ' Acme ',
    FRESHDESK_API_KEY: ' canary-key \n',
    FRESHDESK_WEBHOOK_SECRET: 'canary-hook-of-freshdesk',
  },
  EVENTS_WRITE_KEY: 'canary-write-key',
};
const FIELD_NATION: Env = {
  ...{ FIELD_NATION_CLIENT_ID: 'canary-id', FIELD_NATION_CLIENT_SECRET: 'canary-cs' },
  ...{ FIELD_NATION_USERNAME: 'canary-user', FIELD_NATION_PASSWORD: 'canary-pw' },
  FIELD_NATION_WEBHOOK_SECRET: 'canary-a-of-field-nation, canary-b-of-field-nation ,',
};

/** The problems as `NAME: text`; fails when a secret stands in one, or one has no remedy. */
function problemsOf(env: Env): string[] {
  try {
    parseSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain('canary');
    for (const { name, remedy } of error.problems) {
      expect(error.message).toContain(`${name}: `);
      expect(remedy).not.toBe('');
    }
    return error.problems.map(({ name, problem, remedy }) => `${name}: ${problem}. ${remedy}`);
  }
}
const namesOf = (env: Env): string[] => problemsOf(env).map((line) => line.split(':')[0] ?? '');
const without = (env: Env, ...names: string[]): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

const WHOLE: Env = {
  ...{ ...FRESHDESK, ...FIELD_NATION },
  ...{ ADMIN_TOKEN: 'canary-admin-token', CONTACTS_HASH_KEY: 'canary-hash-key-1,canary-hash-key-0' },
};
const CLUSTER: Env = { TEMPORAL_ADDRESS: 'host:7233' };
const MAIL: Env = {
  ...{ ALERTS_SMTP_URL: 'smtps://u:canary@mail.example.com:465', ALERTS_MAIL_FROM: 'Desk <desk@example.com>' },
  ALERTS_MAIL_TO: 'ops@example.com, Night <night@example.com>',
};

describe('settings', () => {
  it('have these defaults', () => {
    expect(parseSettings({ PORT: ' ', FRESHDESK_DOMAIN: '' })).toEqual({
      web: { host: '127.0.0.1', port: 3000, adminToken: null, adminTokenNeeded: false, publicUrl: null },
      ...{ fieldNationSandbox: false, contactsHashKeys: [], plainPayloads: 'accept', lists: 'full', alertsMail: null },
      ...{ freshdesk: null, fieldNation: null, freshdeskWebhookSecret: null, fieldNationWebhookSecrets: [] },
      ...{ deployment: null, temporalApiKey: null, plainPayloads: 'accept' },
      ...{
        eventsWriteKey: null,
        encryptionKeys: [],
        freshdeskCallsPerMinute: undefined,
        fieldNationCallsPerMinute: 60,
      },
      ...{ reconcileInterval: 600_000, configFile: 'config/deskbridge.yaml', dataDir: '.deskbridge' },
      ...{ embeddedTemporal: true, temporalUiUrl: null, metricsAddress: null, tracesEndpoint: null },
      ...{ alertsMail: null, alertsWebhookSecret: null, logLevel: 'info' },
    });
  });

  it('take the address of the metrics as host:port, also of IPv6', () => {
    expect(parseSettings({ METRICS_ADDRESS: '0.0.0.0:9464' }).metricsAddress).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(parseSettings({ METRICS_ADDRESS: '[::1]:1' }).metricsAddress).toEqual({ host: '::1', port: 1 });
    for (const wrong of ['9464', 'localhost', 'localhost:99999', 'http://localhost:1'])
      expect(() => parseSettings({ METRICS_ADDRESS: wrong })).toThrow(/METRICS_ADDRESS: .* is not host:port/);
  });

  it('take all three parts of the mail for alerts or none, and never repeat the address with its password', () => {
    const mail = { ALERTS_MAIL_FROM: 'desk@example.com', ALERTS_MAIL_TO: 'ann@example.com' };
    const url = 'smtps://user:canary@mail.example.com:465';
    expect(parseSettings({ ...mail, ALERTS_SMTP_URL: url }).alertsMail).toEqual({
      ...{ smtpUrl: url, from: 'desk@example.com', to: ['ann@example.com'] },
    });
    expect(() => parseSettings(mail)).toThrow(/ALERTS_SMTP_URL: is missing/);
    expect(() => parseSettings({ ALERTS_SMTP_URL: url })).toThrow(/ALERTS_MAIL_FROM: .*/);
    expect(() => parseSettings({ ...mail, ALERTS_SMTP_URL: 'canary.example.com' })).toThrow(/ALERTS_SMTP_URL: /);
    expect(() => parseSettings({ ...mail, ALERTS_SMTP_URL: 'canary.example.com' })).not.toThrow(/canary/);
  });

  it('take the secret of alerts as Standard Webhooks has it, and never repeat a wrong one', () => {
    const key = Buffer.alloc(32, 7);
    for (const form of [`whsec_${key.toString('base64')}`, key.toString('base64')])
      expect(parseSettings({ ALERTS_WEBHOOK_SECRET: form }).alertsWebhookSecret).toEqual(key);
    expect(() => parseSettings({ ALERTS_WEBHOOK_SECRET: 'canary' })).toThrow(/ALERTS_WEBHOOK_SECRET: .*24 to 64 bytes/);
    expect(() => parseSettings({ ALERTS_WEBHOOK_SECRET: 'canary' })).not.toThrow(/canary/);
  });

  it('set Freshdesk without Field Nation, and Field Nation without Freshdesk', () => {
    const first = parseSettings(FRESHDESK);
    expect(first.freshdeskWebhookSecret).toBe('canary-hook-of-freshdesk');
    expect(first.fieldNation).toBeNull();
    expect(first.freshdesk).toEqual({
      ...{ domain: 'acme', apiKey: 'canary-key', baseUrl: 'https://acme.freshdesk.com' },
    });
    const second = parseSettings(FIELD_NATION);
    expect(second.freshdesk).toBeNull();
    expect(second.fieldNation?.baseUrl).toBe('https://api-sandbox.fndev.net');
    expect(second.fieldNationWebhookSecrets).toEqual(['canary-a-of-field-nation', 'canary-b-of-field-nation']);
    expect(Object.isFrozen(second) && Object.isFrozen(second.fieldNation?.credentials)).toBe(true);
  });

  it('tell everything that is half set at once', () => {
    const half = { ...CLUSTER, FRESHDESK_DOMAIN: 'acme', FIELD_NATION_USERNAME: 'canary', PORT: 'x', HOST: '0.0.0.0' };
    expect(namesOf(half).sort()).toEqual(
      [
        ...['FRESHDESK_API_KEY', 'FRESHDESK_WEBHOOK_SECRET', 'EVENTS_WRITE_KEY', 'FIELD_NATION_CLIENT_ID', 'PORT'],
        ...['FIELD_NATION_CLIENT_SECRET', 'FIELD_NATION_PASSWORD', 'FIELD_NATION_WEBHOOK_SECRET', 'ADMIN_TOKEN'],
        'CONTACTS_HASH_KEY',
      ].sort(),
    );
  });

  it.each(Object.keys(WHOLE))('name %s on a cluster when it alone is missing', (name) => {
    expect(namesOf(without({ ...WHOLE, ...CLUSTER }, name))).toEqual([name]);
  });

  it.each(['https://acme.freshdesk.com/', 'acme.freshdesk.com', 'http://ACME.freshdesk.com/a/tickets'])(
    'show the right form of the domain for %s',
    (domain) => {
      const [problem] = problemsOf({ ...FRESHDESK, FRESHDESK_DOMAIN: domain });
      expect(problem).toContain('FRESHDESK_DOMAIN=acme');
    },
  );

  it.each<[string, Env]>([
    ['FRESHDESK_DOMAIN', { ...FRESHDESK, FRESHDESK_DOMAIN: 'https://canary@acme.freshdesk.com' }],
    ['FRESHDESK_BASE_URL', { ...FRESHDESK, FRESHDESK_BASE_URL: 'https://u:canary@host' }],
    ['FRESHDESK_BASE_URL', { ...FRESHDESK, FRESHDESK_BASE_URL: 'https://host/api/v2/' }],
    ['FIELD_NATION_BASE_URL', { ...FIELD_NATION, FIELD_NATION_BASE_URL: 'https://host/api/rest/v2' }],
    ['FIELD_NATION_BASE_URL', { ...FIELD_NATION, FIELD_NATION_BASE_URL: 'host' }],
    ['FIELD_NATION_BASE_URL', { ...FIELD_NATION, FIELD_NATION_BASE_URL: 'http://api.fieldnation.com' }],
    ['FRESHDESK_BASE_URL', { ...FRESHDESK, FRESHDESK_BASE_URL: 'http://127.0.0.1.evil.example' }],
    ['FRESHDESK_WEBHOOK_SECRET', { FRESHDESK_WEBHOOK_SECRET: 'canary-too-shor' }],
    ['FIELD_NATION_WEBHOOK_SECRET', { FIELD_NATION_WEBHOOK_SECRET: 'canary-long-enough-it-is,canary-short' }],
    ['EVENTS_WRITE_KEY', { EVENTS_WRITE_KEY: 'canary' }],
    ['CONTACTS_HASH_KEY', { CONTACTS_HASH_KEY: 'canary' }],
    ['DESKBRIDGE_URL', { DESKBRIDGE_URL: 'desk.example.com' }],
    ['DESKBRIDGE_LISTS', { DESKBRIDGE_LISTS: 'some' }],
    ['DESKBRIDGE_ENCRYPTION_PLAIN', { DESKBRIDGE_ENCRYPTION_PLAIN: 'yes' }],
    ['FIELD_NATION_SANDBOX', { FIELD_NATION_SANDBOX: 'yes' }],
    ['FIELD_NATION_SANDBOX', { ...FIELD_NATION, FIELD_NATION_SANDBOX: 'true' }],
    ['ALERTS_SMTP_URL', { ...MAIL, ALERTS_SMTP_URL: 'https://u:canary@mail.example.com' }],
    ['ALERTS_MAIL_FROM', { ...MAIL, ALERTS_MAIL_FROM: 'deskbridge' }],
    ['ALERTS_MAIL_TO', { ...MAIL, ALERTS_MAIL_TO: 'ops@example.com, nobody' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '0x10' }],
    ['FRESHDESK_CALLS_PER_MINUTE', { FRESHDESK_CALLS_PER_MINUTE: '0' }],
    ['FIELD_NATION_CALLS_PER_MINUTE', { FIELD_NATION_CALLS_PER_MINUTE: '1.5' }],
    ['ADMIN_TOKEN', { ...CLUSTER, HOST: '0.0.0.0' }],
    ['ADMIN_TOKEN', { ...CLUSTER, HOST: '127.0.0.1.evil.example' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['TEMPORAL_NAMESPACE', { TEMPORAL_NAMESPACE: 'x' }],
    ['TEMPORAL_API_KEY', { TEMPORAL_API_KEY: 'canary' }],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', { TEMPORAL_TLS_CLIENT_CERT_PATH: '/x' }],
    ['TEMPORAL_DEPLOYMENT_NAME', { TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_WORKER_BUILD_ID: '1.4.0' }],
    ['TEMPORAL_WORKER_BUILD_ID', { TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_DEPLOYMENT_NAME: 'deskbridge' }],
    ...['desk.bridge', 'desk:bridge', '__deskbridge', 'a b', 'x'.repeat(121)].map((name): [string, Env] => [
      'TEMPORAL_DEPLOYMENT_NAME',
      { TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_DEPLOYMENT_NAME: name, TEMPORAL_WORKER_BUILD_ID: '1.4.0' },
    ]),
    ...['__unversioned__', 'a b', 'x'.repeat(121)].map((id): [string, Env] => [
      'TEMPORAL_WORKER_BUILD_ID',
      { TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_DEPLOYMENT_NAME: 'deskbridge', TEMPORAL_WORKER_BUILD_ID: id },
    ]),
    ...['1', '10', '5x', '-1s', '1ms', '1h30m', 'off'].map((RECONCILE_INTERVAL): [string, Env] => [
      ...(['RECONCILE_INTERVAL', { RECONCILE_INTERVAL }] as [string, Env]),
    ]),
  ])('refuse a wrong %s (%j)', (name, env) => expect(namesOf(env)).toEqual([name]));

  it('name what holds without a quota of our own, not a number that is refused', () => {
    const read = (): unknown => parseSettings({ FRESHDESK_CALLS_PER_MINUTE: '0' });
    expect(read).toThrow("Unset it to take half of the account's own limit.");
  });

  it.each<[string, number]>([
    ['15s', 15_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['0', 0],
    ['0s', 0],
  ])('reconcile every %s', (RECONCILE_INTERVAL, ms) => {
    expect(parseSettings({ RECONCILE_INTERVAL }).reconcileInterval).toBe(ms);
  });

  it.each<[boolean, Env]>([
    [false, { TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_NAMESPACE: 'x' }],
    [false, { TEMPORAL_PROFILE: 'p' }],
    [false, { TEMPORAL_CONFIG_FILE: 'f' }],
    [true, { TEMPORAL_CLI_PATH: '/x' }],
  ])('embed Temporal: %s with %j', (embedded, env) => expect(parseSettings(env).embeddedTemporal).toBe(embedded));

  it('version the workers of a cluster when deployment and build are named, and else do not', () => {
    const cluster = { TEMPORAL_ADDRESS: 'host:7233' };
    const named = { ...cluster, TEMPORAL_DEPLOYMENT_NAME: 'deskbridge', TEMPORAL_WORKER_BUILD_ID: '1.4.0+sha256:0a1b' };
    expect(parseSettings(named).deployment).toEqual({ name: 'deskbridge', buildId: '1.4.0+sha256:0a1b' });
    expect(parseSettings(cluster).deployment).toBeNull();
  });

  it('refuse to version the workers of the embedded server, which one release at a time uses', () => {
    const named = { TEMPORAL_DEPLOYMENT_NAME: 'deskbridge', TEMPORAL_WORKER_BUILD_ID: '1.4.0' };
    expect(namesOf(named)).toEqual(['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID']);
  });

  it.each(['localhost', '::1', '[::1]', '127.1.2.3'])('need no token on %s beside both sandboxes', (HOST) => {
    expect(parseSettings({ HOST }).web.adminTokenNeeded).toBe(false);
    expect(parseSettings({ ...CLUSTER, HOST }).web.adminTokenNeeded).toBe(false);
  });

  it.each<[string, Env]>([
    ['a real Freshdesk', FRESHDESK],
    ['a real Field Nation', FIELD_NATION],
    ['an address that others reach', { HOST: '0.0.0.0' }],
  ])('need a token with %s', (_, env) => expect(parseSettings(env).web.adminTokenNeeded).toBe(true));

  it('leave out, beside the embedded server, every secret that is generated there', () => {
    const generated = [...OWN_SECRETS];
    expect(namesOf(without(WHOLE, ...generated))).toEqual([]);
    expect(namesOf({ ...without(WHOLE, ...generated), ...CLUSTER }).sort()).toEqual(generated.sort());
  });

  it('ask a process for the secrets of its own routes and the credentials of its own calls only', () => {
    const domain = { ...CLUSTER, FRESHDESK_DOMAIN: 'acme' };
    const namesFor = (needs: Needs): string[] => {
      try {
        return parseSettings(domain, needs) && [];
      } catch (error) {
        return (error as SettingsError).problems.map(({ name }) => name).sort();
      }
    };
    expect(namesFor(needsOf({ web: true, worker: false, sandbox: false }))).toEqual([...OWN_SECRETS].sort());
    expect(namesFor(needsOf({ web: false, worker: true, sandbox: false }))).toEqual(['FRESHDESK_API_KEY']);
    expect(namesFor({ calls: ['field-nation'], secrets: [] })).toEqual([]);
    expect(namesFor(NOTHING)).toEqual([]);
    const web = parseSettings({ ...WHOLE, ...domain, FIELD_NATION_PASSWORD: '' }, { calls: [], secrets: OWN_SECRETS });
    expect([web.freshdesk?.domain, web.fieldNation?.credentials]).toEqual(['acme', null]);
  });

  it('may name a base URL without TLS on this machine only', () => {
    const FRESHDESK_BASE_URL = 'http://127.0.0.1:3001/freshdesk';
    expect(parseSettings({ ...FRESHDESK, FRESHDESK_BASE_URL }).freshdesk?.baseUrl).toBe(FRESHDESK_BASE_URL);
  });

  it('take the mail of alerts whole or not at all', () => {
    expect(parseSettings(MAIL).alertsMail).toEqual({
      ...{ smtpUrl: MAIL.ALERTS_SMTP_URL, from: 'Desk <desk@example.com>' },
      to: ['ops@example.com', 'Night <night@example.com>'],
    });
    for (const name of Object.keys(MAIL)) expect(namesOf(without(MAIL, name))).toEqual([name]);
  });

  it('read the keys of hashes, lists and plain payloads', () => {
    const read = parseSettings({
      ...{ CONTACTS_HASH_KEY: ' new-key-of-hashes , old-key-of-hashes ', DESKBRIDGE_LISTS: 'numbers' },
      ...{ DESKBRIDGE_ENCRYPTION_PLAIN: 'refuse', FIELD_NATION_SANDBOX: 'true' },
      DESKBRIDGE_URL: 'https://desk.example.com/',
    });
    expect(read).toMatchObject({
      ...{ contactsHashKeys: ['new-key-of-hashes', 'old-key-of-hashes'], lists: 'numbers', plainPayloads: 'refuse' },
      ...{ fieldNationSandbox: true, web: { publicUrl: 'https://desk.example.com' } },
    });
  });
});

describe('encryption keys', () => {
  const canary = Buffer.from('canary-canary-canary-canary-abcd').toString('base64');
  const read = (DESKBRIDGE_ENCRYPTION_KEYS: string): string[] => problemsOf({ DESKBRIDGE_ENCRYPTION_KEYS });

  it('are read in their order', () => {
    const { encryptionKeys } = parseSettings({ DESKBRIDGE_ENCRYPTION_KEYS: ` k.2:${canary} , k-1:${canary}` });
    expect(encryptionKeys.map(({ id, secret }) => [id, secret.symmetricKeySize])).toEqual([
      ['k.2', 32],
      ['k-1', 32],
    ]);
  });

  it.each<[string, RegExp]>([
    [canary, /^DESKBRIDGE_ENCRYPTION_KEYS: entry 1 of 1 has no id .* Give id:key/],
    [`${canary}:k1`, /entry 1 of 1 has no id/],
    [`k1:${canary},`, /entry 2 of 2 has no id/],
    ['k1:', /entry 1 of 1 \(k1\) is not base64. Make one/],
    ['k1:canary!', /entry 1 of 1 \(k1\) is not base64/],
    ['k1:Y2FuYXJ5', /entry 1 of 1 \(k1\) has 6 bytes instead of 32/],
    [`k1:${canary}, k1:${canary}`, /entry 2 of 2 repeats the id k1/],
  ])('refuse %s', (given, problem) => {
    expect(read(given)).toEqual([expect.stringMatching(problem)]);
    expect(read(given).join()).not.toContain(canary);
  });

  it('tell everything that is wrong at once', () => {
    expect(read('x, k1:short, k1:!').map((line) => /entry \d/.exec(line)?.[0])).toEqual([
      ...['entry 1', 'entry 2', 'entry 3', 'entry 3'],
    ]);
    expect(namesOf({ DESKBRIDGE_ENCRYPTION_KEYS: 'x', PORT: 'y' }).sort()).toEqual([
      'DESKBRIDGE_ENCRYPTION_KEYS',
      'PORT',
    ]);
  });
});

describe('a secret in a file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbridge-settings-'));
    file = join(folder, 'secret');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read and trimmed', () => {
    writeFileSync(file, '\n canary-admin-token \n');
    expect(parseSettings({ ADMIN_TOKEN_FILE: file }).web.adminToken).toBe('canary-admin-token');
  });

  it('is told once when the file is missing, empty, or set twice', () => {
    const env = { ...without(WHOLE, 'FRESHDESK_WEBHOOK_SECRET'), ...CLUSTER, FRESHDESK_DOMAIN: 'a.b' };
    const names = ['FRESHDESK_DOMAIN', 'FRESHDESK_WEBHOOK_SECRET_FILE'];
    expect(namesOf({ ...env, FRESHDESK_WEBHOOK_SECRET_FILE: file })).toEqual(names);
    writeFileSync(file, ' \n');
    expect(namesOf({ ...env, FRESHDESK_WEBHOOK_SECRET_FILE: file })).toEqual(names);
    expect(namesOf({ ...FRESHDESK, FRESHDESK_API_KEY_FILE: file })).toEqual(['FRESHDESK_API_KEY']);
  });
});
