/** Connecting the accounts: rules and webhook, made once however often somebody asks; and what the config can name. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AutomationRule } from '../../sandbox/freshdesk/types';
import { createFieldNationClient, type Webhook } from '../../src/clients/field-nation';
import { RULE_EVENTS } from '../../src/checks/freshdesk-rules';
import { usefulEvents } from '../../src/domain/needed-events';
import { runCli, settingsOf } from '../helpers/cli';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';

let stack: Stack;
let folder: string;
let settings: Record<string, string>;
beforeEach(async () => {
  stack = await startStack({ withoutWorkers: true });
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-setup-'));
  settings = settingsOf(stack, join(folder, 'data'));
});
afterEach(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const URL = 'https://desk.example.com';
const BOT = 158017609801;
const ROBIN = 158017609802;
const writes = (): string[] =>
  stack.sandbox.control
    .history()
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth/token'))
    .map(({ route }) => route);
/** The rules that the sandbox has from the start lead to this test, not to the address. */
const made = (): AutomationRule[] => stack.sandbox.control.rules().filter(({ webhook }) => webhook.url.startsWith(URL));

async function webhooks(): Promise<Webhook[]> {
  const client = createFieldNationClient({
    baseUrl: stack.sandbox.fieldNationUrl,
    credentials: { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' },
  });
  try {
    return (await client.listWebhooks()).results.filter(({ url }) => url?.startsWith(URL));
  } finally {
    await client.close();
  }
}

describe('setup freshdesk', () => {
  const apply = ['setup', 'freshdesk', '--url', URL, '--apply', '--json'];

  test('shows each rule to paste with address, header and body, and changes nothing', async () => {
    const { code, out } = await runCli(['setup', 'freshdesk', '--url', URL], settings);
    expect(code).toBe(0);
    expect(out.match(/missing/g)).toHaveLength(3);
    expect(out).toContain(`POST ${URL}/webhooks/freshdesk`);
    expect(out).toContain(`X-Webhook-Secret: ${stack.secrets.freshdesk}`);
    expect(out).toContain(`{"ticket_id":"{{ticket.id}}","account":"${stack.account}"}`);
    expect(out).toContain(
      'Status is one of Field Service Required; Tag contains on-site; cf_work_order_id is not empty',
    );
    expect(out).toContain('every agent but Dispatch Bot');
    expect(writes()).toEqual([]);
  });

  test('makes the rules once; the second time all are there', async () => {
    const first = await runCli(apply, settings);
    expect([first.code, made().length]).toEqual([0, 3]);
    const second = await runCli(apply, settings);
    const { rules } = second.json<{ rules: { state: string }[] }>();
    expect([second.code, rules.map(({ state }) => state)]).toEqual([0, Array(3).fill('already there')]);
    expect([made().length, writes().length]).toEqual([3, 3]);
  });

  test.each(['rules', 'array', 'results'] as const)(
    'twice, and then the doctor: all green with the rules as %s, over pages that the count tells',
    async (ruleList) => {
      const { control } = stack.sandbox;
      control.setKnobs({ freshdesk: { ruleList, rulesPerPage: 2, ruleListLink: ruleList !== 'rules' } });
      for (const { id } of control.rules()) control.setRule(id, { active: false });
      const states = async (): Promise<string[]> => {
        const run = await runCli(apply, settings);
        expect([run.code, run.err]).toEqual([0, '']);
        return run.json<{ rules: { state: string }[] }>().rules.map(({ state }) => state);
      };
      expect(await states()).toEqual(['made', 'made', 'made']);
      expect(await states()).toEqual(Array(3).fill('already there'));
      expect(made()).toHaveLength(3);
      const here = `${stack.webUrl}/webhooks/freshdesk`;
      for (const { id, webhook } of made()) control.setRule(id, { webhook: { ...webhook, url: here } });
      const { checks } = (await runCli(['doctor', '--json'], settings)).json<{
        checks: { area: string; what: string; level: string; detail: string }[];
      }>();
      expect(checks.filter(({ area, level }) => area === 'Freshdesk' && level !== 'green')).toEqual([]);
      expect(checks.find(({ what }) => what === 'automation rules')?.detail).toMatch(/^3 call/);
    },
  );

  test('the doctor names agents whom no rule knows, such as new ones', async () => {
    for (const { id } of stack.sandbox.control.rules()) stack.sandbox.control.setRule(id, { active: false });
    await runCli(apply, settings);
    for (const { id, performer } of made())
      if (performer.members) stack.sandbox.control.setRule(id, { performer: { ...performer, members: [1] } });
    expect((await runCli(['doctor'], settings)).out).toContain(
      'none runs on changes by Robin Cole: they are found by reconcile only',
    );
  });

  test('sends the events that it prints, each of them', async () => {
    const printed = (await runCli(['setup', 'freshdesk', '--url', URL], settings)).out;
    for (const { words } of RULE_EVENTS) expect(printed).toContain(words);
    await runCli(apply, settings);
    const updates = made().filter(({ type }) => type === 4);
    expect(updates.map(({ events }) => events)).toEqual(Array(2).fill(RULE_EVENTS.map(({ event }) => event)));
  });

  test('does not call a rule made that Freshdesk shows without its events, nor makes it again', async () => {
    stack.sandbox.control.setKnobs({ freshdesk: { ruleEvents: 'dropped' } });
    const first = await runCli(apply, settings);
    const { rules } = first.json<{ rules: { state: string; problems: string[] }[] }>();
    expect([first.code, rules.map(({ state }) => state)]).toEqual([1, ['made', 'not proven', 'not proven']]);
    expect(rules[1]?.problems).toEqual(['Freshdesk does not show the events as sent']);
    const second = await runCli(apply, settings);
    expect([second.code, made().length]).toEqual([1, 3]);
    expect(second.out).toContain('it names no event, so it may never run');
  });

  test('the rules run on what people do, and not on what Deskbridge writes', async () => {
    for (const { id } of stack.sandbox.control.rules()) stack.sandbox.control.setRule(id, { active: false });
    await runCli(['setup', 'freshdesk', '--url', URL, '--apply'], settings);
    const told = (): number => stack.sandbox.control.deliveries().filter((d) => d.target.startsWith(URL)).length;
    const ticket = ticketsOf(stack).newTicket();
    expect(told()).toBe(0);
    stack.sandbox.control.updateTicket(ticket, { status: 8 }, 'agent');
    expect(told()).toBe(1);
    stack.sandbox.control.updateTicket(ticket, { custom_fields: { cf_work_order_id: '901' } }, 'api');
    expect(told()).toBe(1);
    stack.sandbox.control.updateTicket(ticket, { priority: 4, status: 2 }, 'requester');
    expect(told()).toBe(2);
    expect(made().flatMap(({ performer }) => performer.members ?? [])).toEqual([ROBIN]);
    expect(made().some(({ performer }) => performer.members?.includes(BOT))).toBe(false);
  });

  test('makes the fields that the account lacks, before the rules that name one of them', async () => {
    stack.sandbox.control.setKnobs({ freshdesk: { missingFields: ['cf_work_order_id', 'signup_method'] } });
    expect((await runCli(['setup', 'freshdesk', '--url', URL], settings)).out).toContain('cf_work_order_id');
    expect(writes()).toEqual([]);
    const { code, out } = await runCli(['setup', 'freshdesk', '--url', URL, '--apply'], settings);
    expect([code, out]).toEqual([0, expect.stringContaining('Fields made: cf_work_order_id, signup_method.')]);
    expect(writes().slice(0, 2)).toEqual(['POST /admin/ticket_fields', 'POST /contact_fields']);
    expect(made()).toHaveLength(3);
  });

  test('makes no rule without a status that it could look at', async () => {
    const env = { ...settings, DESKBRIDGE_CONFIG: join(__dirname, '../fixtures/setup/unknown-status.yaml') };
    const { code, err } = await runCli(apply, env);
    expect([code, writes()]).toEqual([1, []]);
    expect(err).toMatch(/dispatch\.when .*Admin > Ticket Fields/);
  });

  test('makes no rule twice for a key that may not see them', async () => {
    stack.sandbox.control.setKnobs({ freshdesk: { administrator: false } });
    const { code, err } = await runCli(apply, settings);
    expect([code, writes()]).toEqual([1, []]);
    expect(err).toMatch(/FRESHDESK_API_KEY: .*administrator/);
    const shown = await runCli(['setup', 'freshdesk', '--url', URL], settings);
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('to be compared')]);
  });
});

describe('setup field-nation', () => {
  const setup = ['setup', 'field-nation', '--url', URL, '--json'];

  test('registers the webhook once, with the needed events and the secret of the settings', async () => {
    expect((await runCli(setup, settings)).json()).toMatchObject({ outcome: 'registered', setting: null });
    const second = await runCli(setup, settings);
    expect([second.code, second.json()]).toEqual([0, expect.objectContaining({ outcome: 'already there' })]);
    expect(await webhooks()).toEqual([
      expect.objectContaining({
        ...{ url: `${URL}/webhooks/field-nation`, status: 'active', method: 'post', events: usefulEvents({}) },
        secret: stack.secrets.fieldNation,
      }),
    ]);
    expect(writes()).toHaveLength(1);
  });

  test('mends one that is switched off, lacks events or has another secret, and keeps what others asked for', async () => {
    await runCli(setup, settings);
    const [known] = await webhooks();
    const client = createFieldNationClient({
      baseUrl: stack.sandbox.fieldNationUrl,
      credentials: { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' },
    });
    const events = ['workorder.tag_added', 'workorder.status.assigned'];
    await client.updateWebhook(known?.webhookId ?? '', { status: 'inactive', events });
    await client.close();
    const env = { ...settings, FIELD_NATION_WEBHOOK_SECRET: '99999999-2222-4333-8444-555555555555' };
    expect((await runCli(setup, env)).json()).toMatchObject({
      outcome: 'updated',
      changed: ['status', 'events', 'secret'],
    });
    const [mended] = await webhooks();
    expect(new Set(mended?.events)).toEqual(new Set(['workorder.tag_added', ...usefulEvents({})]));
    expect(mended).toMatchObject({ status: 'active', secret: env.FIELD_NATION_WEBHOOK_SECRET });
  });

  test('tells Field Nation whom to write when it switches the webhook off, and leaves that alone when not asked', async () => {
    await runCli([...setup, '--mail', 'ops@example.com'], settings);
    expect(await webhooks()).toMatchObject([{ notificationEmail: 'ops@example.com' }]);
    expect((await runCli(setup, settings)).json()).toMatchObject({ outcome: 'already there' });
    const other = await runCli([...setup, '--mail', 'desk@example.com'], settings);
    expect(other.json()).toMatchObject({ outcome: 'updated', changed: ['notificationEmail'] });
    expect((await runCli([...setup, '--mail', 'nobody'], settings)).code).toBe(2);
  });

  test('leaves a webhook alone that calls by PUT, which is taken too', async () => {
    await runCli(setup, settings);
    const [known] = await webhooks();
    const client = createFieldNationClient({
      baseUrl: stack.sandbox.fieldNationUrl,
      credentials: { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' },
    });
    await client.updateWebhook(known?.webhookId ?? '', { method: 'put' });
    await client.close();
    expect((await runCli(setup, settings)).json()).toMatchObject({ outcome: 'already there' });
  });

  test('makes the secret when none is set, keeps it for its owner only, and shows the setting, never the secret', async () => {
    const { FIELD_NATION_WEBHOOK_SECRET: _, ...without } = settings;
    const first = await runCli(
      setup.filter((arg) => arg !== '--json'),
      without,
    );
    const file = join(folder, 'data', 'field-nation-webhook-secret');
    const secret = readFileSync(file, 'utf8').trim();
    expect(first.out).toContain(`FIELD_NATION_WEBHOOK_SECRET_FILE=${file}`);
    expect(first.out).not.toContain(secret);
    expect([statSync(file).mode & 0o777, (await webhooks())[0]?.secret]).toEqual([0o600, secret]);
    expect((await runCli(setup, without)).json()).toMatchObject({ outcome: 'already there' });
    // The setting that was shown is one that the service takes.
    const doctor = await runCli(['doctor', '--json'], { ...without, FIELD_NATION_WEBHOOK_SECRET_FILE: file });
    const { checks } = doctor.json<{ checks: { area: string; level: string }[] }>();
    expect(checks.find(({ area }) => area === 'Settings')).toMatchObject({ level: 'green' });
  });
});

describe('fields', () => {
  test('lists what the config can name of Freshdesk: keys, labels, types, choices', async () => {
    const { ticketFields, contactFields } = (await runCli(['fields', 'freshdesk', '--json'], settings)).json<
      Record<string, Record<string, unknown>[]>
    >();
    expect(ticketFields).toContainEqual(
      expect.objectContaining({ key: 'cf_site_city', label: 'Site city', path: 'ticket.custom_fields.cf_site_city' }),
    );
    expect(ticketFields?.find(({ key }) => key === 'status')?.choices).toContainEqual({
      value: '8',
      label: 'Field Service Required',
    });
    expect(contactFields).toContainEqual(expect.objectContaining({ key: 'signup_method', type: 'custom_text' }));
    expect((await runCli(['fields', 'freshdesk'], settings)).out).toMatch(/cf_site_city +Site city +custom_text/);
  });

  test('lists what the config can name of Field Nation: custom fields and types of work by id', async () => {
    const { out } = await runCli(['fields', 'field-nation'], settings);
    expect(out).toMatch(/^129 +Ticket +text +buyer +internal, unique/m);
    expect(out).toMatch(/^62 +Point of Sale/m);
  });

  test('explains a refused key as the doctor does', async () => {
    const { code, err } = await runCli(['fields', 'freshdesk'], { ...settings, FRESHDESK_API_KEY: 'wrong' });
    expect([code, err]).toEqual([1, expect.stringMatching(/^FRESHDESK_API_KEY: .*\(401\)\. Copy the key/)]);
  });
});
