/**
 * Eight faults of one night on each of the three surfaces: the page, the command line and the Temporal UI each say what is
 * stuck, why, and what to do; and from an alert it is two clicks at most to what ends it.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamBook } from '../../src/temporal/upstream-book';
import { startReceiver, watchOf, type Receiver } from '../helpers/alerts';
import { describeInBrowser } from '../helpers/browser';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import { contactsOf } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const CLOSED = 5;
/** The command that says more of a person's events names an address on purpose. */
const PERSON = 'ann@example.com';

let stack: Stack;
let desk: TicketDesk;
let receiver: Receiver;
let folder: string;
/** By how much the clock of what is known of both systems is ahead, in ms. */
let ahead = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-night-'));
  receiver = await startReceiver();
  stack = await startStack({
    config: `dispatch: { createPatience: 90s }\nalerts: { attentionOlderThan: 100ms, webhookSilence: 0s, url: "${receiver.url}", ticketNote: off }\n`,
    ...{ watchWebhooks: true, upstreams: new UpstreamBook(() => Date.now() + ahead) },
  });
  desk = ticketsOf(stack);
  stack.sandbox.control.setRule(3, { active: true });
  await watchOf(stack);
});
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
  rmSync(folder, { recursive: true });
});

const cli = (args: string[], more: Record<string, string> = {}): Promise<CliRun> =>
  runCli(args, { ...settingsOf(stack, folder), ...more });

/** `events tail` as far as it shows what has come in; then Ctrl-C. */
async function tail(args: string[]): Promise<CliRun> {
  const web = createServer((request, response) => {
    void fetch(`${stack.webUrl}${request.url}`).then(async (answer) => {
      response.on('finish', () => process.emit('SIGINT'));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  try {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    return await cli(['events', 'tail', ...args], { DESKBRIDGE_URL: url });
  } finally {
    web.close();
  }
}

/** Words of a page, as people read them. */
const textOf = (html: string): string =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

/** What the Temporal UI shows of a run under "User Metadata". */
const detailsOf = async (workflowId: string): Promise<string> => {
  const handle = stack.client.workflow.getHandle(workflowId);
  return (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';
};
const watchId = (): string => `alerts-${stack.account}`;

/** Waits until a surface says all of it. */
async function says(what: string, read: () => Promise<string>, words: readonly RegExp[]): Promise<string> {
  let text = '';
  await until(
    what,
    async () => {
      text = await read();
      return words.every((word) => word.test(text));
    },
    () => `${words.filter((word) => !word.test(text)).join(', ')} in ${text}`,
  );
  return text;
}

/** Where a fault shows. */
interface Place {
  /** Path of the page that an alert leads to; null: nothing raises one, and it is found from the first page. */
  alert: string | null;
  page: string;
  shell: () => Promise<CliRun>;
  run: string;
  /** The path that the remedy's button posts to, where a button is the remedy. */
  button?: string;
}

interface Fault {
  begin: () => Promise<Place>;
  page: RegExp[];
  shell: RegExp[];
  temporal: RegExp[];
}

/** A dispatch that waits. */
const ofTicket = (id: number): Place => ({
  ...{ alert: `/dispatches/${id}`, page: `/dispatches/${id}`, button: `/dispatches/${id}/retry` },
  ...{ shell: () => cli(['show', String(id)]), run: stack.workflowId(id) },
});

const waiting = async (id: number): Promise<Place> => {
  desk.trigger(id);
  await stack.view(id, 'an attention', (v) => v.attention !== null);
  return ofTicket(id);
};

const NEEDS = /Needs a person/;

const NIGHT: Record<string, Fault> = {
  'the key is refused': {
    begin: () => {
      stack.sandbox.control.addFault({ system: 'freshdesk', path: 'viewTicket', kind: 'status', status: 401 });
      return waiting(desk.newTicket());
    },
    page: [NEEDS, /The API key or its rights were rejected/, /FRESHDESK_API_KEY/, /I fixed it – try again/],
    shell: [NEEDS, /Cause {3}.*401/, /Remedy .*FRESHDESK_API_KEY/],
    temporal: [/Needs a person: unauthorized/, /401/, /What to do:.*FRESHDESK_API_KEY/],
  },
  'the address is missing': {
    begin: () => waiting(desk.newTicket({ custom_fields: { cf_site_address: null } })),
    page: [NEEDS, /The ticket lacks something/, /Fill in "Site address" in the ticket/, /I fixed it – try again/],
    shell: [/Needs a person: mapping/, /Cause .*street address/, /Remedy .*Fill in "Site address" in the ticket/],
    temporal: [/Needs a person: mapping/, /street address/, /What to do:.*Fill in "Site address" in the ticket/],
  },
  'a value is rejected': {
    begin: () => {
      stack.sandbox.control.setKnobs({ fieldNation: { leastPay: 200 } });
      return waiting(desk.newTicket({ custom_fields: { cf_pay_amount: 99 } }));
    },
    page: [/A value was rejected/, /amount must be at least 200/, /99/, /cf_pay_amount|Pay amount/],
    shell: [/Needs a person: rejected/, /at least 200/, /99/, /Remedy .*(cf_pay_amount|Pay amount)/],
    temporal: [/Needs a person: rejected/, /at least 200/, /99/, /What to do:.*(cf_pay_amount|Pay amount)/],
  },
  'a create has no answer': {
    begin: async () => {
      const fault = { path: 'createWorkOrder', kind: 'reset-before', times: 1 } as const;
      stack.sandbox.control.addFault({ system: 'field-nation', ...fault });
      const id = desk.newTicket();
      desk.trigger(id);
      await stack.view(id, 'the doubt', (v) => v.waitingFor?.includes('unanswered create') === true);
      // It mends itself: nothing is raised, and there is nothing to press.
      const { button: _, ...place } = ofTicket(id);
      return { ...place, alert: null };
    },
    page: [
      /whether the unanswered create was carried out; next look +[\d-]+ \d\d:\d\d/,
      /checks whether the work order was/,
    ],
    shell: [/Waiting for .*unanswered create was carried out; next look/, /create work order – failed/],
    temporal: [/unanswered create was carried out; next look/, /Create unanswered/],
  },
  'Field Nation is away': {
    begin: async () => {
      stack.sandbox.control.addFault({ system: 'field-nation', kind: 'status', status: 503 });
      const id = desk.newTicket();
      desk.trigger(id);
      await stack.view(id, 'the outage', (v) => v.waitingFor?.includes('failed since') === true);
      ahead = 61_000;
      return { alert: '/', page: '/', shell: () => cli(['doctor']), run: watchId() };
    },
    page: [/Field Nation does not answer \(503\)/, /waits? for it, since/, /tries again/],
    shell: [/Field Nation is down: .*503/, /Try again later/],
    temporal: [/Field Nation has not answered since .*503.*runs? waits?/, /What to do:.*tries again by itself/],
  },
  'the secret of webhooks is wrong': {
    begin: async () => {
      const headers = { 'content-type': 'application/json', 'x-webhook-secret': 'wrong' };
      const body = '{"ticket_id":1}';
      expect((await fetch(`${stack.webUrl}/webhooks/freshdesk`, { method: 'POST', headers, body })).status).toBe(401);
      const other = { FRESHDESK_WEBHOOK_SECRET: 'changed-on-this-side-only' };
      return { alert: '/', page: '/', shell: () => cli(['doctor'], other), run: watchId() };
    },
    page: [/1 webhook of Freshdesk refused/, /secret was wrong or missing/, /Set the same secret in Freshdesk/],
    shell: [/rule "Field service.*another secret/s, /X-Webhook-Secret/],
    temporal: [/refused 1 webhook of Freshdesk since .*wrong or missing secret/, /What to do:.*X-Webhook-Secret/],
  },
  'an event is dropped': {
    begin: async () => {
      await contactsOf(stack).send('identify', { userId: 'u7', traits: { email: PERSON } });
      return { alert: null, page: '/events', shell: () => tail(['--person', PERSON]), run: watchId() };
    },
    page: [/Identified Dropped: No consent/],
    shell: [/Identified +dropped +no-consent/],
    temporal: [/dropped never reaches Temporal.*page Events.*deskbridge events tail.*say why/],
  },
  'a ticket is closed while a technician is assigned': {
    begin: async () => {
      const { id } = await desk.assigned();
      stack.sandbox.control.updateTicket(id, { status: CLOSED });
      await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
      return ofTicket(id);
    },
    page: [/A decision is needed/, /closed/, /or press “Keep the work order” to keep it/, /Cancel…/],
    shell: [/Needs a person: decision/, /Cause .*closed/, /Remedy .*deskbridge cancel \d+.*deskbridge retry \d+/],
    temporal: [/Needs a person: decision/, /closed/, /What to do:.*cancel.*retry/],
  },
};

test.each(Object.entries(NIGHT))('%s: page, shell and Temporal UI say what, why and what to do', async (_, fault) => {
  const before = receiver.taken.length;
  const { alert, page, shell, run, button } = await fault.begin();
  if (alert !== null) {
    const raised = () => receiver.taken.slice(before).flatMap((message) => message.raised);
    await until('an alert that leads there', () => raised().some(({ page: at }) => at === `${stack.webUrl}${alert}`));
    expect(
      receiver.taken
        .slice(before)
        .map(({ text }) => text)
        .join(),
    ).toContain(` ${stack.webUrl}${alert}`);
  }
  const html = (): Promise<string> => fetch(`${stack.webUrl}${page}`).then((answer) => answer.text());
  await says('the page', async () => textOf(await html()), fault.page);
  if (button !== undefined) expect(await html()).toContain(`action="${button}"`);
  await says('the shell', () => shell().then(({ out }) => out), fault.shell);
  await says('the Temporal UI', () => detailsOf(run), fault.temporal);
});

describeInBrowser('from an alert', (visit) => {
  it('a click leads to the cause, and the next one ends it', async () => {
    const id = desk.newTicket({ custom_fields: { cf_site_address: null } });
    await waiting(id);
    const told = (): string => receiver.taken.map(({ text }) => text).join('\n');
    const link = new RegExp(`Ticket ${id} has waited .* (http\\S+/dispatches/${id})$`, 'm');
    await until('the alert', () => link.test(told()));
    // No rule tells Deskbridge of the correction: the button alone must do.
    for (const rule of stack.sandbox.control.rules()) stack.sandbox.control.setRule(rule.id, { active: false });
    stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_address: '200 Elm Ave' } });
    const page = await visit(link.exec(told())?.[1] ?? '');
    await page.getByRole('button', { name: 'I fixed it – try again' }).click();
    await page.locator('.head .badge', { hasText: 'Dispatched' }).waitFor();
  });
});
