import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

interface Service {
  user?: string;
  environment?: Record<string, string | null>;
  healthcheck?: { test?: unknown; disable?: boolean };
  restart?: string;
  ports?: string[];
  image?: string;
  volumes?: string[];
  networks?: string[];
  profiles?: string[];
  security_opt?: string[];
}

const root = resolve(__dirname, '../..');
const text = (name: string) => readFileSync(resolve(root, name), 'utf8');
const { services, volumes } = parse(text('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const all = Object.entries(services);
/** They prepare something and end. */
const oneShot = ['temporal-schema', 'temporal-namespace'];
const lasting = all.filter(([name]) => !oneShot.includes(name));

/** Interface, section 3. */
const SETTINGS = [
  ...['FRESHDESK_DOMAIN', 'FRESHDESK_BASE_URL', 'FRESHDESK_CALLS_PER_MINUTE', 'FIELD_NATION_BASE_URL'],
  ...['FIELD_NATION_CALLS_PER_MINUTE', 'CONTACTS_HASH_KEY', 'RECONCILE_INTERVAL', 'DESKBRIDGE_CONFIG'],
  ...['DESKBRIDGE_DATA_DIR', 'DESKBRIDGE_URL', 'DESKBRIDGE_LISTS', 'DESKBRIDGE_ENCRYPTION_PLAIN'],
  ...['DESKBRIDGE_ENCRYPTION_KEYS', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'LOG_LEVEL'],
  'OTEL_EXPORTER_OTLP_ENDPOINT',
];
/** Of who is reached by senders and operators, and of who calls and alerts. */
const OF_WEB = [
  ...['PORT', 'HOST', 'ADMIN_TOKEN', 'FRESHDESK_WEBHOOK_SECRET', 'FIELD_NATION_WEBHOOK_SECRET', 'EVENTS_WRITE_KEY'],
];
const OF_CALLERS = [
  ...['FRESHDESK_API_KEY', 'FIELD_NATION_CLIENT_ID', 'FIELD_NATION_CLIENT_SECRET', 'FIELD_NATION_USERNAME'],
  ...['FIELD_NATION_PASSWORD', 'ALERTS_WEBHOOK_SECRET', 'ALERTS_SMTP_URL', 'ALERTS_MAIL_FROM', 'ALERTS_MAIL_TO'],
];
/** Of a process without web server. */
const METRICS = 'METRICS_ADDRESS';
const OF_WORKERS = [METRICS, 'TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'];
const OTHER_TEMPORAL = ['TEMPORAL_API_KEY', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE', 'TEMPORAL_CLI_PATH'];
const SECRETS = /(API_KEY|SECRET|PASSWORD|PWD|TOKEN|WRITE_KEY|HASH_KEY|SMTP_URL|ENCRYPTION_KEYS)$/;
const environmentOf = (name: string) => services[name]?.environment ?? {};

describe('docker-compose.yml', () => {
  it('lets the worker answer probes and metrics inside the network', () => {
    expect(environmentOf('worker')[METRICS]).toBe('0.0.0.0:9464');
  });

  it('asks the worker at that address whether it is healthy', () => {
    expect(String(services.worker?.healthcheck?.test)).toContain('http://127.0.0.1:9464/readyz');
  });

  it.each([
    ['web', OF_WEB],
    ['worker', [...OF_CALLERS, ...OF_WORKERS]],
  ])('gives %s every setting of its own part by its documented name, and no secret of the other', (name, own) => {
    const all = [...SETTINGS, ...own];
    const files = all.filter((one) => SECRETS.test(one)).map((one) => `${one}_FILE`);
    expect(Object.keys(environmentOf(name)).sort()).toEqual([...all, ...files].sort());
  });

  it('mounts to each the files of its own secrets', () => {
    for (const name of ['web', 'worker'])
      expect(services[name]?.volumes?.filter((one) => one.includes('secrets'))).toEqual([
        `./secrets/${name}:/run/secrets:ro`,
      ]);
  });

  it('holds no secret', () => {
    for (const [, { environment = {} }] of all) {
      for (const [name, value] of Object.entries(environment)) {
        if (SECRETS.test(name)) expect(value ?? '').toMatch(/^(\$\{\w+:\?[^}]*\})?$/);
      }
    }
  });

  it.each(all)('runs %s as another user than root', (_, { user }) => {
    expect(user).toMatch(/^(node|postgres|[1-9]\d*:[1-9]\d*)$/);
  });

  it.each(lasting)('checks the health of %s and starts it again', (_, service) => {
    expect(service.healthcheck?.test).toBeDefined();
    expect(service.restart).toBe('unless-stopped');
  });

  it('publishes the web server and the Temporal UI only, on the loopback address', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published.map(([name]) => name)).toEqual(['web', 'temporal-ui']);
    for (const [, port] of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('lets only Temporal reach the database, and starts the UI, which asks nobody who he is, only when asked', () => {
    const inDatabase = all.filter(([, { networks }]) => networks?.includes('database')).map(([name]) => name);
    expect(inDatabase).toEqual(['postgresql', 'temporal-schema', 'temporal']);
    for (const [, { networks, security_opt: options }] of all) {
      expect(networks?.length).toBeGreaterThan(0);
      expect(options).toContain('no-new-privileges:true');
    }
    expect(all.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual(['temporal-ui']);
  });

  it('pins every image that it does not build, and keeps the database in a volume', () => {
    for (const [name, { image }] of all) {
      if (!['web', 'worker'].includes(name)) expect(image).toMatch(/:\d+\.\d+/);
    }
    expect(volumes).toHaveProperty('postgresql-data');
    expect(services.postgresql?.volumes).toContain('postgresql-data:/var/lib/postgresql/data');
  });

  it('reaches Temporal by the name of its service', () => {
    expect(environmentOf('web').TEMPORAL_ADDRESS).toBe('temporal:7233');
    expect(environmentOf('worker').TEMPORAL_ADDRESS).toBe('temporal:7233');
  });
});

describe('.env.example', () => {
  const lines = text('.env.example').split('\n');

  it('shows every documented setting, commented out', () => {
    for (const name of [...SETTINGS, ...OF_WEB, ...OF_CALLERS, ...OF_WORKERS, ...OTHER_TEMPORAL]) {
      expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^#${name}=`))]));
    }
  });

  it('sets nothing and holds no secret', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    const values = lines.map((line) => /^#(\w+)=(.*)$/.exec(line)).filter((match) => match !== null);
    for (const [, name, value] of values) if (SECRETS.test(name ?? '')) expect(value).toBe('');
  });
});

describe('the image', () => {
  it('runs as another user than root', () => {
    const users = text('Dockerfile').match(/^USER .*$/gm);
    expect(users?.at(-1)).toBe('USER node');
  });

  it('is built on a Node that still gets security fixes, in both of its stages', () => {
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)-/m.exec(text('Dockerfile')) ?? [];
    // Its long-term support ends in April 2028; that of 20 is over. https://github.com/nodejs/release#release-schedule
    expect(Number(major)).toBeGreaterThanOrEqual(24);
    expect(text('Dockerfile').match(/^FROM .*$/gm)).toEqual(['FROM ${NODE_IMAGE} AS build', 'FROM ${NODE_IMAGE}']);
  });

  it('is built from nothing but what it needs', () => {
    expect(text('.dockerignore').split('\n')).toContain('*');
  });
});
