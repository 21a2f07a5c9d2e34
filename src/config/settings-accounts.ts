/** The two accounts. Promise: a process that does not call a system is never told that its credentials are incomplete. */
import type { Needs } from './settings-needs';
import type { Reader } from './settings-reader';

export interface FreshdeskSettings {
  domain: string;
  /** Null in a process that does not call Freshdesk. */
  apiKey: string | null;
  baseUrl: string;
}

export interface FieldNationCredentials {
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
}

export interface FieldNationSettings {
  baseUrl: string;
  /** Null in a process that does not call Field Nation. */
  credentials: FieldNationCredentials | null;
  /** Hosts of providers' files besides those that Field Nation names. */
  fileHosts: readonly string[];
}

const FRESHDESK = ['FRESHDESK_DOMAIN', 'FRESHDESK_API_KEY', 'FRESHDESK_BASE_URL'];
const CREDENTIALS = ['CLIENT_ID', 'CLIENT_SECRET', 'USERNAME', 'PASSWORD'].map((part) => `FIELD_NATION_${part}`);

/** Whether a real account is meant, whole or not. */
export const namesFreshdesk = (reader: Reader): boolean => reader.isSet(...FRESHDESK);
export const namesFieldNation = (reader: Reader): boolean => reader.isSet(...CREDENTIALS, 'FIELD_NATION_BASE_URL');

/** The subdomain; a URL or host is refused with the right form shown. */
function readDomain(reader: Reader): string | null {
  const given = reader.text('FRESHDESK_DOMAIN');
  if (given === null) return null;
  if (/^[a-z0-9][a-z0-9-]*$/i.test(given)) return given.toLowerCase();
  const guess = /^(?:https?:\/\/)?([a-z0-9][a-z0-9-]*)\.freshdesk\.com/i.exec(given)?.[1];
  return reader.fault(
    'FRESHDESK_DOMAIN',
    // Not repeated: a pasted address may hold a key.
    'is not a subdomain',
    `Give the subdomain alone${guess ? `: FRESHDESK_DOMAIN=${guess.toLowerCase()}` : ', such as acme for acme.freshdesk.com'}`,
  );
}

export function readFreshdesk(reader: Reader, { calls }: Needs): FreshdeskSettings | null {
  if (!namesFreshdesk(reader)) return null;
  const domain = readDomain(reader);
  const apiKey = reader.secret('FRESHDESK_API_KEY');
  const missing = (name: string, remedy: string): void =>
    reader.missing(name, 'is missing while Freshdesk is set up', remedy);
  // The account's name stands in every id: nobody can do without it.
  if (domain === null)
    missing('FRESHDESK_DOMAIN', 'Give the subdomain, such as acme; or unset all of FRESHDESK_… to use the sandbox.');
  if (apiKey === null && calls.includes('freshdesk'))
    missing('FRESHDESK_API_KEY', "Give an agent's key (Profile settings > API key); or unset all of FRESHDESK_….");
  const baseUrl = reader.baseUrl('FRESHDESK_BASE_URL', `https://${domain ?? 'acme'}.freshdesk.com`);
  if (/\/api(\/v2)?$/.test(baseUrl)) {
    const root = baseUrl.replace(/\/api(\/v2)?$/, '');
    reader.fault('FRESHDESK_BASE_URL', 'ends with the path of the API', `Give the root alone: ${root}`);
  }
  return domain === null ? null : { domain, apiKey, baseUrl };
}

export function readFieldNation(reader: Reader, { calls }: Needs): FieldNationSettings | null {
  if (!namesFieldNation(reader)) return null;
  const values = CREDENTIALS.map((name) => {
    const value = reader.secret(name);
    if (value === null && calls.includes('field-nation')) {
      reader.missing(
        name,
        'is missing while Field Nation is set up',
        'Give all of FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME and _PASSWORD; or unset them to use the sandbox.',
      );
    }
    return value;
  });
  const baseUrl = reader.baseUrl('FIELD_NATION_BASE_URL', 'https://api-sandbox.fndev.net');
  if (/\/api\/rest\/v2\/?$/.test(baseUrl)) {
    reader.fault(
      'FIELD_NATION_BASE_URL',
      'ends with /api/rest/v2',
      `Give the root alone: ${baseUrl.replace(/\/api\/rest\/v2\/?$/, '')}`,
    );
  }
  const [clientId, clientSecret, username, password] = values;
  const whole = clientId && clientSecret && username && password;
  const credentials = whole ? { clientId, clientSecret, username, password } : null;
  return { baseUrl, credentials, fileHosts: readFileHosts(reader) };
}

function readFileHosts(reader: Reader): string[] {
  const hosts = (reader.text('FIELD_NATION_FILE_HOSTS') ?? '')
    .split(',')
    .flatMap((host) => host.trim().toLowerCase() || []);
  for (const host of hosts.filter((name) => !/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(name))) {
    const remedy = 'Give names such as files.example.com, comma-separated.';
    reader.fault('FIELD_NATION_FILE_HOSTS', `"${host}" is not a host name`, remedy);
  }
  return hosts;
}

/** Whether Field Nation is played beside a real Freshdesk. */
export function readFieldNationSandbox(reader: Reader): boolean {
  const isPlayed = reader.choice('FIELD_NATION_SANDBOX', ['false', 'true']) === 'true';
  if (isPlayed && reader.isSet(...CREDENTIALS))
    reader.fault(
      'FIELD_NATION_SANDBOX',
      'is true, and credentials of Field Nation are set too',
      'Keep one of the two.',
    );
  return isPlayed;
}
