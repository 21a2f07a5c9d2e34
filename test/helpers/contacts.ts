/** What senders of product events do in a test, and what there is to count afterwards. */
import { createFreshdeskClient, type Contact, type ContactAttributes } from '../../src/clients/freshdesk';
import type { ContactEventOutcome } from '../../src/contract/contact';
import type { ContactOutcomes } from '../../src/temporal/contact-outcomes';
import type { Stack } from './stack';
import { until } from './until';

export interface ContactDesk {
  /** To `/v1/<route>` with the write key; gives the answer's body. */
  send(route: string, body: object): Promise<Record<string, unknown>>;
  /** An identify call with consent and a message id of its own. */
  identify(traits: object, more?: object): Promise<Record<string, unknown>>;
  signUp(traits: object, more?: object): Promise<Record<string, unknown>>;
  /** Waits until so many events of a person have ended; gives them, oldest first. */
  ended(who: string, count: number): Promise<ContactEventOutcome[]>;
  /** Waits for a person to be needed. */
  attention(who: string): Promise<NonNullable<ContactOutcomes['runs'][number]['attention']>>;
  /** Live and deleted contacts with this e-mail. */
  contactsOf(email: string): Record<string, unknown>[];
  /** Bodies of the calls that wrote contacts. */
  written(method: 'POST' | 'PUT'): unknown[];
  /** Bodies of the calls that made contacts: one that was given up and tried again has made one. */
  made(): unknown[];
  /** A contact that somebody else made, through the API. */
  existing(attributes: ContactAttributes): Promise<Contact>;
  /** A call to the fake Freshdesk, past everything. */
  freshdesk(method: string, path: string): Promise<Response>;
}

let messages = 0;

export function contactsOf(stack: Stack): ContactDesk {
  const { control } = stack.sandbox;
  const key = Buffer.from(`${stack.secrets.writeKey}:`).toString('base64');
  const send: ContactDesk['send'] = async (route, body) => {
    const response = await fetch(`${stack.webUrl}/v1/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${key}` },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    expect([response.status, answer]).toEqual([200, expect.objectContaining({ success: true })]);
    return answer;
  };
  const call = (type: string, traits: object, more: object): object => ({
    messageId: `message-${++messages}`,
    type,
    traits: { marketing_consent: true, ...traits },
    ...more,
  });
  const looked = async (
    who: string,
    holds: (found: ContactOutcomes) => boolean,
    what: string,
  ): Promise<ContactOutcomes> => {
    let found: ContactOutcomes = { runs: [], imported: [] };
    await until(
      `${what} of ${who}`,
      async () => holds((found = await stack.outcomesOf(who))),
      () => JSON.stringify(found, null, 2),
    );
    return found;
  };
  const outcomes = ({ runs }: ContactOutcomes): ContactEventOutcome[] =>
    [...runs].reverse().flatMap(({ events }) => events);
  return {
    send,
    identify: (traits, more = {}) => send('identify', call('identify', traits, more)),
    signUp: (traits, more = {}) => send('track', { event: 'Signed Up', ...call('track', traits, more) }),
    ended: async (who, count) =>
      outcomes(
        await looked(
          who,
          (found) => outcomes(found).length >= count && found.runs.every(({ state }) => state !== 'waiting'),
          `${count} outcomes`,
        ),
      ),
    attention: async (who) => {
      const { runs } = await looked(who, ({ runs: [newest] }) => newest?.state === 'attention', 'the attention');
      return runs[0]?.attention as NonNullable<ContactOutcomes['runs'][number]['attention']>;
    },
    contactsOf: (email) => control.contacts().filter((contact) => contact.email === email),
    written: (method) =>
      control
        .history()
        .filter((entry) => entry.method === method && entry.path.startsWith('/contacts'))
        .map(({ body }) => body),
    made: () =>
      control
        .history()
        .filter(({ method, path, status }) => method === 'POST' && path === '/contacts' && status === 201)
        .map(({ body }) => body),
    existing: async (attributes) => {
      const client = createFreshdeskClient({ baseUrl: stack.sandbox.freshdeskUrl, apiKey: 'freshdesk-key' });
      try {
        return await client.createContact(attributes);
      } finally {
        await client.close();
        control.clearHistory();
      }
    },
    freshdesk: (method, path) =>
      fetch(`${stack.sandbox.freshdeskUrl}/api/v2${path}`, {
        method,
        headers: { authorization: `Basic ${Buffer.from('freshdesk-key:X').toString('base64')}` },
      }),
  };
}
