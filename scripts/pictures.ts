/**
 * `npm run pictures`: the pictures of the pages, taken in a real Chromium from a sandbox in which some tickets have lived.
 * Writes docs/pictures.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../sandbox';
import { openChromium } from '../test/helpers/browser';
import { openDesk, ROOT, ticketForTheField, type Desk } from '../test/helpers/process';

const FOLDER = join(ROOT, 'docs/pictures');
const SIZE = { width: 1280, height: 1120 };

export async function main(): Promise<void> {
  const desk = await openDesk();
  try {
    // As on a plan of 700 calls a minute.
    const { url } = await desk.start({ FRESHDESK_CALLS_PER_MINUTE: '350', FIELD_NATION_CALLS_PER_MINUTE: '60' });
    const ticketId = await live(desk, url);
    mkdirSync(FOLDER, { recursive: true });
    await take({ 'page.png': url, 'ticket.png': `${url}/dispatches/${ticketId}` });
  } finally {
    await desk.cleanUp();
  }
  await takeSetup();
}

/** Set-up shows own accounts only: another sandbox stands for them. */
async function takeSetup(): Promise<void> {
  const desk = await openDesk();
  const fieldNation = { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' };
  const accounts = await startSandbox({
    ...{ port: 0, dataFile: null, account: 'acme', freshdeskApiKey: 'key', fieldNation, deskbridgeUrl: null },
    ...{ freshdeskWebhookSecret: 'rule-secret', controlKey: 'control-key' },
    fieldNationWebhookSecret: '6a0f4f52-1111-4222-8333-444455556666',
  });
  const browser = await openChromium();
  try {
    const env = {
      ...{ FRESHDESK_DOMAIN: 'acme', FRESHDESK_API_KEY: 'key', FRESHDESK_BASE_URL: accounts.freshdeskUrl },
      ...{ FIELD_NATION_CLIENT_ID: fieldNation.clientId, FIELD_NATION_CLIENT_SECRET: fieldNation.clientSecret },
      ...{ FIELD_NATION_USERNAME: fieldNation.username, FIELD_NATION_PASSWORD: fieldNation.password },
      ...{ FIELD_NATION_BASE_URL: accounts.fieldNationUrl, DESKBRIDGE_URL: 'https://desk.example.com' },
    };
    const { url } = await desk.start(env);
    const ticket = accounts.control.createTicket({
      ...{
        subject: 'Card reader shows no link',
        status: 2,
        email: 'mara@quint.example',
        due_by: '2031-02-03T17:00:00Z',
      },
      ...{ description: 'The reader at till 3 stays dark.', priority: 2 },
      custom_fields: {
        ...{ cf_site_name: 'Quint Foods', cf_site_address: '12 Mill Road', cf_site_city: 'Dayton' },
        ...{ cf_site_state: 'OH', cf_site_zip: '45402', cf_pay_amount: 180 },
      },
    });
    const page = await browser.newPage({ viewport: SIZE });
    const link = desk.deskbridge(['sign-in', '--json'], { ...env, DESKBRIDGE_URL: url });
    await link.ended;
    await page.goto((JSON.parse(link.out()) as { url: string }).url);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/`);
    await page.goto(`${url}/setup/mapping`);
    await page.getByLabel('Number of a real ticket').fill(String(ticket.id));
    await page.getByRole('button', { name: 'Show the work order' }).click();
    await page.getByText('can become a work order').waitFor();
    await page.screenshot({ path: join(FOLDER, 'setup.png') });
  } finally {
    await browser.close();
    await desk.cleanUp();
    await accounts.stop();
  }
}

/** One of everything; gives the ticket whose work is done. */
async function live(desk: Desk, url: string): Promise<number> {
  const site = (name: string, city: string, state: string, zip: string) => ({
    ...{ cf_site_name: name, cf_site_city: city, cf_site_state: state, cf_site_zip: zip },
  });
  const dispatched = async (subject: string, fields: object): Promise<{ id: number; order: number }> => {
    const id = await ticketForTheField(desk, { subject, custom_fields: fields });
    const view = await desk.view(url, id, 'its order', ({ state }) => state === 'dispatched');
    return { id, order: view.workOrderId ?? 0 };
  };
  const act = (order: number, action: string): Promise<unknown> =>
    desk.sandbox('POST', `/work-orders/${order}/actions`, { action });
  const done = await dispatched('Card reader shows no link', site('Quint Foods', 'Dayton', 'OH', '45402'));
  await desk.finish(done.id, done.order);
  const onSite = await dispatched('Replace the label printer', site('Harbor Books', 'Duluth', 'MN', '55802'));
  await act(onSite.order, 'assign');
  await act(onSite.order, 'check-in');
  await desk.view(url, onSite.id, 'the technician', ({ state }) => state === 'on-site');
  await dispatched('Network switch is silent', site('Elm Pharmacy', 'Akron', 'OH', '44301'));
  const waits = await ticketForTheField(desk, {
    ...{ subject: 'Till 4 does not start', custom_fields: { cf_site_address: null } },
  });
  await desk.view(url, waits, 'the question', ({ attention }) => attention?.reason === 'mapping');
  const costly = await ticketForTheField(desk, {
    ...{ subject: 'Re-cable the back office', custom_fields: { cf_pay_amount: 1850 } },
  });
  await desk.view(url, costly, 'the approval', ({ attention }) => attention?.reason === 'approval');
  return done.id;
}

async function take(pages: Record<string, string>): Promise<void> {
  const browser = await openChromium();
  try {
    for (const [file, address] of Object.entries(pages)) {
      const page = await browser.newPage({ viewport: SIZE });
      await page.goto(address);
      await page.screenshot({ path: join(FOLDER, file) });
    }
  } finally {
    await browser.close();
  }
}
