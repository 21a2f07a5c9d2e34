/**
 * `npm run pictures`: the README's picture of the page, taken in a real Chromium from a sandbox in which some tickets have
 * lived. Writes docs/pictures.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
