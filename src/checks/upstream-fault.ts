/** What a refused or failed call means for the person who set the account up: the setting, the cause, the next step. */
import { SYSTEM_NAMES } from '../contract/failures';
import { UpstreamError, type UpstreamSystem } from '../clients/upstream-error';

export interface Fault {
  /** The setting or right that is wrong. */
  subject: string;
  cause: string;
  remedy: string;
}

const KEYS: Record<UpstreamSystem, string> = {
  freshdesk: 'FRESHDESK_API_KEY',
  'field-nation': 'FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME, _PASSWORD',
};

const ADDRESSES: Record<UpstreamSystem, string> = {
  freshdesk: 'FRESHDESK_DOMAIN',
  'field-nation': 'FIELD_NATION_BASE_URL',
};

/** `baseUrl` is where the account was looked for. Rethrows what is no fault of an upstream. */
export function faultOf(error: unknown, baseUrl: string): Fault {
  if (!(error instanceof UpstreamError)) throw error;
  const { system, status, phase } = error;
  const [name, key, address] = [SYSTEM_NAMES[system], KEYS[system], ADDRESSES[system]];
  const at = originOf(baseUrl);
  const elsewhere = (cause: string): Fault => ({
    subject: address,
    cause,
    remedy:
      system === 'freshdesk'
        ? 'Correct FRESHDESK_DOMAIN (the subdomain alone) and unset FRESHDESK_BASE_URL, unless you use a proxy.'
        : 'Correct FIELD_NATION_BASE_URL: https://api-sandbox.fndev.net or https://api.fieldnation.com, nothing after it.',
  });
  if (status === null) return unreachable(error, at, elsewhere);
  if (status === 429) {
    return {
      subject: `${name} quota`,
      cause: 'is used up',
      remedy: `Wait ${Math.ceil((error.retryAfterMs ?? 60_000) / 1000)} s and ask again; lower the CALLS_PER_MINUTE setting if it happens often.`,
    };
  }
  if (status >= 500) {
    return { subject: name, cause: `${name} is down: ${at} answers ${status}`, remedy: 'Try again later.' };
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return elsewhere(`${at} is no ${name} account: it answers ${error.call} with ${status}`);
  }
  if (phase === 'unreadable' || status < 300) return elsewhere(`what answers at ${at} is not ${name}`);
  if (status === 401 || phase === 'not-sent') {
    return {
      subject: key,
      cause: `${name} refuses ${system === 'freshdesk' ? 'the key' : 'these credentials'} (${status})`,
      remedy:
        system === 'freshdesk'
          ? 'Copy the key of Deskbridge’s agent again (Profile settings > View API key), for this FRESHDESK_DOMAIN.'
          : 'Compare all four with what Field Nation issued for this FIELD_NATION_BASE_URL: sandbox and production differ.',
    };
  }
  if (status === 403) {
    return {
      subject: key,
      cause: `${name} does not let ${system === 'freshdesk' ? "the key's agent" : 'this user'} do ${error.call} (403)`,
      remedy:
        system === 'freshdesk'
          ? 'Give the agent a role with that right (Admin > Agents, Admin > Roles).'
          : 'Ask an administrator of the Field Nation company for that right.',
    };
  }
  return { subject: name, cause: error.message, remedy: 'See what the message names; then ask again.' };
}

function unreachable(error: UpstreamError, at: string, elsewhere: (cause: string) => Fault): Fault {
  const code = /\(([A-Z][A-Z_0-9]+)\)/.exec(error.message)?.[1] ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return elsewhere(`the host of ${at} is not known (${code})`);
  }
  if (code === 'ECONNREFUSED') return elsewhere(`nothing listens at ${at} (${code})`);
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return elsewhere(`the certificate of ${at} is not valid here (${code})`);
  }
  return {
    subject: ADDRESSES[error.system],
    cause: `${at} does not answer (${code || 'no answer in time'})`,
    remedy: 'Check the network, a proxy or firewall of this machine, and the address.',
  };
}

/** Without a path prefix, which may hold a token of a proxy. */
function originOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : 'the given address';
}
