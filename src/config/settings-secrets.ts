/**
 * The secrets of our own routes. Promise: with a real account there is always an admin token; on a cluster each secret is
 * given to the process that serves its route, since what one machine generates the others would not know.
 */
import { readAdminTokens } from './admin-tokens';
import { isLoopbackHost } from './loopback';
import type { Needs, OwnSecret } from './settings-needs';
import { shown, type Reader } from './settings-reader';

export interface OwnSecrets {
  freshdeskWebhookSecret: string | null;
  fieldNationWebhookSecrets: string[];
  eventsWriteKey: string | null;
  contactsHashKeys: string[];
  adminToken: string | null;
  adminTokenNeeded: boolean;
}

const REMEDIES: Record<OwnSecret, string> = {
  FRESHDESK_WEBHOOK_SECRET: 'Choose a long random text and send it as X-Webhook-Secret from the automation rule.',
  FIELD_NATION_WEBHOOK_SECRET: "Give the webhook's secret; several, comma-separated, while it is rotated.",
  EVENTS_WRITE_KEY: 'Choose a long random text; event senders use it as write key.',
  CONTACTS_HASH_KEY: 'Choose a long random text, the same for all processes; it names contacts in Temporal.',
  ADMIN_TOKEN: 'Choose a long random text; operators sign in with it. Several: name:token,name:token.',
};

export interface Place {
  host: string;
  embedded: boolean;
  /** Freshdesk or Field Nation is real. */
  real: boolean;
}

export function readOwnSecrets(reader: Reader, { secrets }: Needs, { host, embedded, real }: Place): OwnSecrets {
  const adminTokenNeeded = real || !isLoopbackHost(host);
  const own: OwnSecrets = {
    freshdeskWebhookSecret: reader.ownSecret('FRESHDESK_WEBHOOK_SECRET'),
    fieldNationWebhookSecrets: reader.ownSecrets('FIELD_NATION_WEBHOOK_SECRET'),
    eventsWriteKey: reader.ownSecret('EVENTS_WRITE_KEY'),
    contactsHashKeys: reader.ownSecrets('CONTACTS_HASH_KEY'),
    adminToken: readAdminTokens(reader),
    adminTokenNeeded,
  };
  if (embedded) return own;
  for (const name of secrets) {
    // The sandbox and all that it talks to share one data dir, whose generated secrets do.
    const isNeeded = name === 'ADMIN_TOKEN' ? adminTokenNeeded : real;
    const isOpen = name === 'ADMIN_TOKEN' && !isLoopbackHost(host);
    const why = isOpen ? `while HOST is ${shown(host)}` : 'with TEMPORAL_ADDRESS and a real account';
    if (isNeeded && !reader.isSet(name)) reader.missing(name, `is missing ${why}`, REMEDIES[name]);
  }
  // Such as a list of commas alone, or a file that cannot be read, which is told already.
  if (real && secrets.includes('FIELD_NATION_WEBHOOK_SECRET') && own.fieldNationWebhookSecrets.length === 0)
    reader.missing('FIELD_NATION_WEBHOOK_SECRET', 'holds no secret', REMEDIES.FIELD_NATION_WEBHOOK_SECRET);
  if (real && secrets.includes('CONTACTS_HASH_KEY') && own.contactsHashKeys.length === 0)
    reader.missing('CONTACTS_HASH_KEY', 'holds no key', REMEDIES.CONTACTS_HASH_KEY);
  return own;
}
