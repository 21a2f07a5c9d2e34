/** From the first start to the first work order in a browser: accounts entered, tested, saved; one restart; no file edited. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { describeInBrowser, seriousFaults, sticksOut } from '../../helpers/browser';
import { openDesk, ROOT, type Desk } from '../../helpers/process';
import { until } from '../../helpers/until';

const CREDENTIALS = { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' };
const MOST_TYPED = 12;

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

describeInBrowser('setting up in a browser', (visit) => {
  let desk: Desk;
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(async () => {
    await desk.cleanUp();
    await sandbox?.stop();
  });

  it('leads from the sandbox to the first work order of the own accounts, and survives settings that cannot start', async () => {
    const folder = join(desk.dataDir, 'work');
    mkdirSync(folder);
    copyFileSync(join(ROOT, 'config/deskbridge.yaml'), join(folder, 'deskbridge.yaml'));
    const env = { PORT: await freePort(), DESKBRIDGE_CONFIG: 'deskbridge.yaml' };
    const inFolder = (args: string) => {
      const command = `cd "${folder}" && exec "${process.execPath}" "${join(ROOT, 'scripts/deskbridge.js')}" ${args}`;
      return desk.run('/bin/sh', ['-c', command], env);
    };
    const service = inFolder('start');
    const [, url = ''] = await service.says(/^Deskbridge is ready: (http:\S+)$/m);
    const secrets = JSON.parse(readFileSync(join(desk.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
    sandbox = await startSandbox({
      ...{ port: 0, dataFile: null, account: 'realco', freshdeskApiKey: 'real-key', fieldNation: CREDENTIALS },
      ...{ deskbridgeUrl: url, controlKey: 'control-key' },
      freshdeskWebhookSecret: secrets.freshdeskWebhookSecret ?? '',
      fieldNationWebhookSecret: secrets.fieldNationWebhookSecret ?? '',
    });

    const signIn = inFolder('sign-in --json');
    await signIn.ended;
    const page = await visit((JSON.parse(signIn.out()) as { setup: string }).setup, { width: 320, dark: true });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Set up Deskbridge' }).waitFor();
    await isFit(page);

    let typed = 0;
    const type = async (label: string, text: string): Promise<void> => {
      typed += 1;
      await page.getByLabel(label, { exact: true }).fill(text);
    };
    const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
    const heading = (name: string): Promise<void> =>
      page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
    const open = (summary: string): Promise<void> => page.getByText(summary, { exact: true }).click();

    await page.getByRole('link', { name: 'Begin: Freshdesk' }).click();
    await type('Address of your help desk', 'https://realco.freshdesk.com/a/tickets/filters/all_tickets');
    await type('API key', 'real-key');
    await open('Freshdesk is behind a proxy');
    await type('Address for API calls', sandbox.freshdeskUrl);
    await press('Test connection');
    await page.getByText('is the key of agent').waitFor();
    await isFit(page);
    await press('Save');

    await heading('Field Nation');
    await page.getByLabel('Another address, such as a proxy.').check();
    await open('Another address');
    await type('Address for API calls', sandbox.fieldNationUrl);
    await type('Client id', CREDENTIALS.clientId);
    await type('Client secret', CREDENTIALS.clientSecret);
    await type('User name', CREDENTIALS.username);
    await type('Password', CREDENTIALS.password);
    await press('Test connection');
    await page.getByText('It accepts these credentials').waitFor();
    await isFit(page);
    await press('Save');

    await heading('Public address');
    await type('Public address', 'https://127.0.0.1:9');
    await press('Send a test webhook');
    await page.getByText('Nothing answers there yet').waitFor();
    await isFit(page);
    await press('Save');

    await heading('Rules and fields');
    await press('Make these 3 rules');
    await page.getByText('Made: Deskbridge: new ticket').waitFor();
    await press('Make the webhook');
    await page.getByText('The webhook is registered.').waitFor();
    await isFit(page);

    const old = Number(sandbox.control.createTicket({ status: 2, due_by: '2031-02-03T17:00:00Z' }).id);
    await page.getByRole('link', { name: 'Go on to the mapping' }).click();
    await heading('Mapping');
    await type('Number of a real ticket', String(old));
    await press('Show the work order');
    await page.getByText(`Ticket ${old} can become a work order`).waitFor();
    await isFit(page);

    await page.getByRole('link', { name: 'Go on to going live' }).click();
    await heading('Go live');
    await page.getByLabel('Only make a draft').check();
    await press('Show the change');
    await page.getByText('+ afterCreate: draft').waitFor();
    await isFit(page);
    await press('Save');
    await heading('Go live');
    expect(typed).toBeLessThanOrEqual(MOST_TYPED);

    await press('Restart Deskbridge');
    await page.getByRole('heading', { name: 'Deskbridge restarts' }).waitFor();
    await heading('Set up Deskbridge');
    expect(await page.getByText('Saved settings wait for a restart').count()).toBe(0);
    await isFit(page);

    const { control } = sandbox;
    const ticket = Number(control.createTicket({ status: 8, due_by: '2031-02-03T17:00:00Z' }).id);
    const order = (): string =>
      JSON.stringify(control.workOrders().find((one) => JSON.stringify(one).includes(`FD-realco-${ticket}-1`)) ?? null);
    await until('the first work order', () => order() !== 'null');
    expect(order()).toContain('Draft');
    expect(`${service.out()}${service.err()}`).not.toMatch(/real-key|client-secret/);

    // The account works with another host, so that these settings cannot start: the ones before do.
    const envFile = join(folder, '.env');
    writeFileSync(
      envFile,
      readFileSync(envFile, 'utf8').replace(/(FRESHDESK_BASE_URL=http:\/\/)127\.0\.0\.1/, '$1localhost'),
    );
    await page.reload();
    await press('Restart Deskbridge');
    await page.getByRole('heading', { name: 'The saved settings could not start' }).waitFor();
    await page.getByText(/leads to localhost:\d+, but account realco works with 127\.0\.0\.1:\d+/).waitFor();
    await until('the service to work', async () => (await fetch(`${url}/readyz`)).status === 200);
  }, 180_000);
});

async function isFit(page: Page): Promise<void> {
  expect([await seriousFaults(page), await sticksOut(page)]).toEqual([[], 0]);
}
