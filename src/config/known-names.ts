/** Names of settings that nobody reads: a typo would else show as a default. */
import { didYouMean } from '../domain/mapping';

/** Of those with a prefix of ours; a `NAME_FILE` stands beside each secret. */
export const SECRET_SETTINGS: readonly string[] = [
  ...['FRESHDESK_API_KEY', 'FRESHDESK_WEBHOOK_SECRET', 'FIELD_NATION_CLIENT_ID', 'FIELD_NATION_CLIENT_SECRET'],
  ...['FIELD_NATION_USERNAME', 'FIELD_NATION_PASSWORD', 'FIELD_NATION_WEBHOOK_SECRET', 'EVENTS_WRITE_KEY'],
  ...['CONTACTS_HASH_KEY', 'ADMIN_TOKEN', 'ALERTS_SMTP_URL', 'ALERTS_WEBHOOK_SECRET', 'DESKBRIDGE_ENCRYPTION_KEYS'],
];
const KNOWN = [
  ...SECRET_SETTINGS,
  ...SECRET_SETTINGS.map((name) => `${name}_FILE`),
  ...['FRESHDESK_DOMAIN', 'FRESHDESK_BASE_URL', 'FRESHDESK_CALLS_PER_MINUTE', 'FIELD_NATION_BASE_URL'],
  ...['FIELD_NATION_CALLS_PER_MINUTE', 'FIELD_NATION_SANDBOX', 'FIELD_NATION_FILE_HOSTS', 'RECONCILE_INTERVAL'],
  ...['DESKBRIDGE_LISTS', 'DESKBRIDGE_CONFIG', 'DESKBRIDGE_DATA_DIR', 'DESKBRIDGE_ENCRYPTION_PLAIN'],
  ...['ALERTS_MAIL_FROM', 'ALERTS_MAIL_TO', 'DESKBRIDGE_URL'],
];

const OURS = /^(FRESHDESK|FIELD_NATION|DESKBRIDGE|EVENTS|ALERTS|CONTACTS|ADMIN|RECONCILE)_/;
/** Kubernetes and Docker tell a container of its neighbours by such names. */
const OF_NEIGHBOURS = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?|NAME|ENV_\w+)$/;

/** A sentence for each name that looks like a setting of ours and is none, with what may have been meant. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): { name: string; hint: string }[] {
  return Object.keys(env)
    .filter((name) => OURS.test(name) && !KNOWN.includes(name) && !OF_NEIGHBOURS.test(name))
    .sort()
    .map((name) => {
      const guess = didYouMean(name, KNOWN);
      return { name, hint: guess === null ? '.env.example lists all settings.' : `Did you mean ${guess}?` };
    });
}
