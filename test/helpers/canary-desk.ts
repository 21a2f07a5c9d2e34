/** A real Deskbridge whose every secret and every personal value is a word that can be looked for wherever it must not be. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import { openDesk, type Desk, type Run } from './process';
import { FIELD_SERVICE_REQUIRED } from './tickets';
import { until } from './until';

/** Words of people: in tickets, notes, and traits of events. */
export const PERSONAL = {
  name: 'Cordelia Canaryname',
  email: 'canarymail@quint-foods.example',
  phone: '+447700900147',
  subject: 'Canarysubject till is dead',
  description: 'Canarydescription with a private detail',
  address: '7 Canaryaddress Road',
  company: 'Canarycompany Ltd',
  note: 'Canarynote for the technician',
  reason: 'Canaryreason of a cancellation',
  title: 'Canaryjobtitle',
  userId: 'canary-user-4711',
};

/** One word of each, which survives markup and case. */
export const PERSONAL_WORDS = [
  ...['canaryname', 'canarymail', '7700900147', 'canarysubject', 'canarydescription', 'canaryaddress', 'canarycompany'],
  ...['canarynote', 'canaryreason', 'canaryjobtitle', 'canary-user-4711'],
];

export const SECRETS = {
  apiKey: 'canarySecretApiKey0001',
  webhookSecret: 'canarySecretHook0002',
  clientSecret: 'canarySecretClient0003',
  password: 'canarySecretPassword0004',
  fieldNationSecret: randomUUID(),
  writeKey: 'canarySecretWriteKey0005',
  adminToken: 'canarySecretAdminToken0006',
  encryptionKey: randomBytes(32).toString('base64'),
};

/** Each secret as it stands, and as it goes over the wire. */
export const SECRET_WORDS = [
  ...Object.values(SECRETS),
  ...[`${SECRETS.apiKey}:X`, `${SECRETS.writeKey}:`].map((pair) => Buffer.from(pair).toString('base64')),
];

export interface CanaryDesk {
  desk: Desk;
  sandbox: Sandbox;
  /** Starts the service on the planted settings. */
  start(env?: Record<string, string>): Promise<{ run: Run; url: string }>;
  env: Record<string, string>;
  /** A ticket full of personal words that an agent sends to the field. */
  ticket(patch?: object): number;
  /** To `/v1/<route>` with the write key, again after a 503 as senders do; resolves once it is taken. */
  event(url: string, route: string, body: object): Promise<void>;
  cleanUp(): Promise<void>;
}

export async function openCanaryDesk(): Promise<CanaryDesk> {
  const desk = await openDesk();
  const credentials = { clientId: 'client', clientSecret: SECRETS.clientSecret };
  const user = { username: 'user', password: SECRETS.password };
  const sandbox = await startSandbox({
    ...{ port: 0, dataFile: null, account: 'acme', freshdeskApiKey: SECRETS.apiKey, deskbridgeUrl: null },
    fieldNation: { ...credentials, ...user },
    freshdeskWebhookSecret: SECRETS.webhookSecret,
    fieldNationWebhookSecret: SECRETS.fieldNationSecret,
    timeScale: 100,
  });
  const env = {
    ...{ FRESHDESK_DOMAIN: 'acme', FRESHDESK_BASE_URL: sandbox.freshdeskUrl, FRESHDESK_API_KEY: SECRETS.apiKey },
    ...{ FRESHDESK_WEBHOOK_SECRET: SECRETS.webhookSecret, EVENTS_WRITE_KEY: SECRETS.writeKey },
    ...{
      FIELD_NATION_BASE_URL: sandbox.fieldNationUrl,
      FIELD_NATION_CLIENT_ID: 'client',
      FIELD_NATION_USERNAME: 'user',
    },
    ...{ FIELD_NATION_CLIENT_SECRET: SECRETS.clientSecret, FIELD_NATION_PASSWORD: SECRETS.password },
    ...{ FIELD_NATION_WEBHOOK_SECRET: SECRETS.fieldNationSecret, LOG_LEVEL: 'trace' },
  };
  return {
    desk,
    sandbox,
    env,
    start: async (more = {}) => {
      const started = await desk.start({ ...env, ...more });
      sandbox.setDeskbridgeUrl(started.url);
      return started;
    },
    ticket: (patch = {}) => {
      const { name, email, phone, subject, description, address, company } = PERSONAL;
      const { id } = sandbox.control.createTicket({
        ...{ subject, description, requester: { name, email, phone }, company: { name: company } },
        custom_fields: { cf_site_address: address },
        ...patch,
      });
      sandbox.control.updateTicket(Number(id), { status: FIELD_SERVICE_REQUIRED });
      return Number(id);
    },
    event: (url, route, body) =>
      until('the event to be taken', async () => {
        const { status } = await fetch(`${url}/v1/${route}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Basic ${Buffer.from(`${SECRETS.writeKey}:`).toString('base64')}`,
          },
          body: JSON.stringify(body),
        });
        if (![200, 503].includes(status)) throw new Error(`The event was answered with ${status}.`);
        return status === 200;
      }),
    cleanUp: async () => {
      sandbox.setDeskbridgeUrl(null);
      await desk.cleanUp();
      await sandbox.stop();
    },
  };
}

/** An identify call of the person, with consent. */
export const identified = (more: object = {}): object => {
  const { name, email, phone, title, userId } = PERSONAL;
  return {
    ...{ type: 'identify', userId, messageId: randomUUID() },
    traits: { name, email, phone, title, marketing_consent: true, ...more },
  };
};

/** All files of a folder as one text, byte by byte. */
export function bytesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
    .join('\n');
}

/** The words that stand in a text, in whatever case. */
export const foundIn = (text: string, words: readonly string[]): string[] => {
  const lower = text.toLowerCase();
  return words.filter((word) => lower.includes(word.toLowerCase()));
};
