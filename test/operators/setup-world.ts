/** The set-up pages over HTTP, on files of their own, beside a sandbox that stands for the real accounts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import type { AuditEntry } from '../../src/http/audit';
import { createSetupDesk } from '../../src/setup/desk';
import { serveApp, type AppServer } from '../edge/app-server';

export const TOKEN = 'setup-token-of-the-test';
export const KEY = 'canary-freshdesk-key';
export const CREDENTIALS = {
  clientId: 'canary-client-id',
  clientSecret: 'canary-client-secret',
  username: 'canary-username',
  password: 'canary-password',
};

export interface Shown {
  status: number;
  location: string | null;
  html: string;
  /** Without markup. */
  text: string;
}

export interface SetupWorld {
  app: AppServer;
  sandbox: Sandbox;
  folder: string;
  restarts: number;
  reloads: number;
  get(path: string): Promise<Shown>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Shown>;
  /** Presses the button that saves what the page shows. */
  save(shown: Shown): Promise<Shown>;
  file(name: string): string;
  audited(): Pick<AuditEntry, 'act' | 'what' | 'detail'>[];
  stop(): Promise<void>;
}

export interface WorldOptions {
  env?: string;
  outside?: Record<string, string>;
  adminToken?: string | null;
}

export async function openSetup({ env, outside = {}, adminToken = null }: WorldOptions = {}): Promise<SetupWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-setup-page-'));
  const sandbox = await startSandbox({
    ...{ port: 0, dataFile: null, account: 'realco', freshdeskApiKey: KEY, fieldNation: CREDENTIALS },
    ...{ deskbridgeUrl: null, freshdeskWebhookSecret: 'rule-secret', controlKey: 'control-key' },
    fieldNationWebhookSecret: '6a0f4f52-1111-4222-8333-444455556666',
  });
  const envFile = join(folder, '.env');
  const configFile = join(folder, 'deskbridge.yaml');
  writeFileSync(configFile, readFileSync(resolve(__dirname, '../../config/deskbridge.yaml')));
  if (env !== undefined) writeFileSync(envFile, env);
  const around = { DESKBRIDGE_CONFIG: configFile, DESKBRIDGE_DATA_DIR: join(folder, 'data'), ...outside };
  const world = { restarts: 0, reloads: 0 };
  const desk = createSetupDesk({ envFile, outside: around, started: around });
  const app = await serveApp(
    {},
    {
      adminToken,
      setup: {
        ...{ desk, token: TOKEN, port: 3000, refused: null },
        restart: () => void (world.restarts += 1),
        isReady: async () => true,
        checkTemporal: async () => [],
        reloadConfig: async () => void (world.reloads += 1),
      },
    },
  );
  const read = async (answer: Response): Promise<Shown> => {
    const html = await answer.text();
    const text = html
      .replace(/<[^>]+>/g, ' ')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/\s+/g, ' ');
    return { status: answer.status, location: answer.headers.get('location'), html, text };
  };
  const authorization = `Bearer ${TOKEN}`;
  const post: SetupWorld['post'] = async (path, fields, headers = { authorization }) =>
    read(
      await fetch(`${app.url}${path}`, {
        ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers },
      }),
    );
  return Object.assign(world, {
    ...{ app, sandbox, folder, post },
    get: async (path: string) =>
      read(await fetch(`${app.url}${path}`, { headers: { authorization }, redirect: 'manual' })),
    save: ({ html }: Shown) =>
      post('/setup/save', { proposal: /name="proposal" value="([^"]+)"/.exec(html)?.[1] ?? '' }),
    file: (name: string) => readFileSync(join(folder, name), 'utf8'),
    audited: () =>
      app.lines
        .map((line) => JSON.parse(line) as AuditEntry & { audit?: boolean })
        .filter(({ audit }) => audit)
        .map(({ act, what, detail }) => ({ act, what, detail })),
    stop: async () => {
      await app.close();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** Both accounts entered and saved. */
export async function enterAccounts(world: SetupWorld): Promise<void> {
  const { freshdeskUrl, fieldNationUrl } = world.sandbox;
  await world.save(await world.post('/setup/freshdesk', { address: 'realco', key: KEY, baseUrl: freshdeskUrl }));
  await world.save(
    await world.post('/setup/field-nation', { world: 'other', baseUrl: fieldNationUrl, ...CREDENTIALS }),
  );
}
