/** Set-up in a browser, after both accounts are entered: address, rules, fields, webhook, and the list before going live. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFieldNationClient } from '../../src/clients/field-nation';
import { CREDENTIALS, enterAccounts, KEY, openSetup, type SetupWorld } from './setup-world';

// Nothing listens there, so that the test needs no network.
const URL = 'https://127.0.0.1:9';

let world: SetupWorld;
let other: SetupWorld | undefined;
beforeEach(async () => {
  world = await openSetup();
  await enterAccounts(world);
});
afterEach(() => world.stop());

const enterAddress = async (): Promise<void> => {
  await world.save(await world.post('/setup/address', { url: `${URL}/some/page?x=1` }));
};
const writes = (): string[] =>
  world.sandbox.control
    .history()
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth/token'))
    .map(({ route }) => route);
const rules = (): string[] =>
  world.sandbox.control
    .rules()
    .filter(({ webhook }) => webhook.url.startsWith(URL))
    .map(({ name }) => name);

describe('the public address', () => {
  it('is saved as its root, is asked for by https, and gives the lines to run', async () => {
    const page = await world.get('/setup/address');
    expect(page.text).toContain('cloudflared tunnel --url http://127.0.0.1:3000');
    expect(page.text).toContain('none since the start');
    for (const url of ['http://desk.example.com', 'localhost', 'https://user:pass@desk.example.com', ''])
      expect((await world.post('/setup/address', { url })).status).toBe(400);
    const shown = await world.post('/setup/address', { url: `${URL}/some/page` });
    expect(shown.text).toContain('Nothing answers there yet');
    expect(shown.html).toContain('server_name 127.0.0.1;');
    await world.save(shown);
    expect(world.file('.env')).toContain(`DESKBRIDGE_URL=${URL}\n`);
  });

  it.each([
    ['this Deskbridge', async () => world.app.url, 'The test webhook reached this Deskbridge.'],
    ['another one', async () => (other = await openSetup()).app.url, 'Another Deskbridge answers there.'],
    ['something else', async () => `${world.sandbox.url}/x`, 'Another program answers there, not Deskbridge.'],
  ])('says of a test webhook that it reached %s', async (_, rootOf, words) => {
    const [root, real] = [await rootOf(), fetch];
    const tunnel = jest.spyOn(globalThis, 'fetch').mockImplementation((to, init) => {
      const url = to instanceof Request ? to.url : String(to);
      return real(url.startsWith(URL) ? url.replace(URL, root) : to, init);
    });
    try {
      expect((await world.post('/setup/address', { url: URL })).text).toContain(words);
    } finally {
      tunnel.mockRestore();
      await other?.stop();
      other = undefined;
    }
  });
});

describe('rules and webhook', () => {
  it('are shown first, without the secret, and nothing is made by looking', async () => {
    expect((await world.get('/setup/accounts')).text).toContain('enter its public address first');
    expect((await world.post('/setup/accounts/rules', {})).text).toContain('Enter the public address first');
    await enterAddress();
    const shown = await world.get('/setup/accounts');
    expect(shown.text).toContain('Make these 3 rules');
    expect(shown.text).toContain('Status is one of Field Service Required');
    expect(shown.text).toContain('Make the webhook');
    expect(shown.text).not.toMatch(/X-Webhook-Secret: (?!the secret)/);
    expect(writes()).toEqual([]);
  });

  it('are made by a click each, once, and stand in the audit trail', async () => {
    await enterAddress();
    const made = await world.post('/setup/accounts/rules', {});
    expect([made.status, made.text.match(/already there/g)?.length]).toEqual([200, 3]);
    expect(rules()).toHaveLength(3);
    expect((await world.post('/setup/accounts/rules', {})).text).toContain('All rules are there.');
    expect(rules()).toHaveLength(3);
    const webhook = await world.post('/setup/accounts/webhook', {});
    expect(webhook.text).toContain('The webhook is registered.');
    const client = createFieldNationClient({ baseUrl: world.sandbox.fieldNationUrl, credentials: CREDENTIALS });
    const { results } = await client.listWebhooks();
    await client.close();
    expect(results.filter(({ url }) => url === `${URL}/webhooks/field-nation`)).toHaveLength(1);
    expect(world.audited().slice(-3)).toEqual([
      { act: 'made in Freshdesk', what: null, detail: expect.stringMatching(/^Made: Deskbridge: new ticket, /) },
      { act: 'made in Freshdesk', what: null, detail: 'All rules are there.' },
      { act: 'made in Field Nation', what: null, detail: 'The webhook is registered.' },
    ]);
    expect(world.app.lines.join('')).not.toContain(KEY);
  });

  it('of a key without the right are left to a person, with what to enter', async () => {
    await enterAddress();
    world.sandbox.control.setKnobs({ freshdesk: { administrator: false } });
    const shown = await world.get('/setup/accounts');
    expect(shown.text).toContain("only an administrator's may");
    expect(shown.text).not.toContain('Make these 3 rules');
    expect((await world.post('/setup/accounts/rules', {})).status).toBe(409);
    expect(writes()).toEqual([]);
  });
});

describe('the status that asks for a technician', () => {
  const choose = (status: string) => world.post('/setup/accounts/trigger', { status });
  const labels = ({ html }: { html: string }) =>
    [...html.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value);

  it('is one that the account has, and never one that every ticket has', async () => {
    const page = await world.get('/setup/accounts');
    expect(labels(page)).toContain('Field Service Required');
    expect(labels(page)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(Open|Resolved|Closed)$/)]));
    expect((await choose('Open')).status).toBe(409);
  });

  it('is written into the config file, and the rules follow it', async () => {
    await enterAddress();
    const shown = await choose('Pending');
    expect(shown.text).toContain("- statuses: ['Field Service Required'] + statuses: [Pending]");
    expect(await world.save(shown)).toMatchObject({ status: 303, location: '/setup/accounts?saved=1' });
    expect(world.file('deskbridge.yaml')).toContain('    statuses: [Pending]\n    tags:');
    expect((await world.get('/setup/accounts')).text).toContain('Status is one of Pending');
  });

  it('that the account lacks is named, with the form to fill', async () => {
    const file = join(world.folder, 'deskbridge.yaml');
    writeFileSync(file, world.file('deskbridge.yaml').replace('Field Service Required', 'Send a technician'));
    const page = await world.get('/setup/accounts');
    expect(/id="status-problem">([^<]+)/.exec(page.html)?.[1]).toMatch(/^Your account has no Send a technician\./);
    expect(page.text).toContain('Label for agents Send a technician');
  });
});

describe('fields', () => {
  it('that the config reads and the account lacks are made; those that are there are left alone', async () => {
    world.sandbox.control.setKnobs({
      freshdesk: { missingFields: ['cf_site_address', 'cf_pay_amount', 'signup_method'] },
    });
    const shown = await world.get('/setup/accounts');
    expect(shown.text).toContain('Make these 3 fields');
    expect(shown.text).toMatch(/Pay amount \(ticket field, decimal, cf_pay_amount \)/);
    const made = await world.post('/setup/accounts/fields', {});
    expect(made.text).toContain('Made: cf_site_address, cf_pay_amount, signup_method.');
    expect(made.text).not.toContain('Make these');
    expect(writes()).toEqual(['POST /admin/ticket_fields', 'POST /admin/ticket_fields', 'POST /contact_fields']);
  });

  it('are not made by an agent’s key: the page says so', async () => {
    world.sandbox.control.setKnobs({ freshdesk: { missingFields: ['cf_site_zip'], administrator: false } });
    const refused = await world.post('/setup/accounts/fields', {});
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('The field “Site zip” was not made: only the key of an administrator may make fields.'),
    ]);
  });
});

describe('going live', () => {
  it('shows what fails, what is to do, and what is fine', async () => {
    world.sandbox.control.setKnobs({ freshdesk: { missingFields: ['cf_site_address'] } });
    const shown = await world.get('/setup/go-live');
    expect(shown.text).toContain('1 check fails');
    expect(shown.text).toContain('the ticket field "cf_site_address" does not exist');
    expect(shown.text).toContain('rule for new tickets');
    expect(shown.text).toContain('Only make a draft');
    expect(shown.html).not.toMatch(/canary/);
  });

  it('names settings that nobody reads, with the one that may be meant', async () => {
    writeFileSync(join(world.folder, '.env'), `${world.file('.env')}FRESHDESK_API_KYE=canary\n`);
    const { text } = await world.get('/setup/go-live');
    expect(text).toContain('FRESHDESK_API_KYE is not a setting of Deskbridge Did you mean FRESHDESK_API_KEY?');
    expect(text).not.toContain('canary');
  });

  it('changes the config file by the limits, keeps its comments, and puts it in force', async () => {
    const wrong = await world.post('/setup/go-live', { afterCreate: 'draft', payAbove: 'much', ordersPerHour: '1.5' });
    expect([wrong.status, wrong.html.match(/-problem">/g)?.length]).toEqual([400, 2]);
    const shown = await world.post('/setup/go-live', {
      afterCreate: 'draft',
      payAbove: '$2,500.50',
      ordersPerHour: '',
    });
    expect(shown.text).toContain('- afterCreate: publish + afterCreate: draft');
    await world.save(shown);
    const file = world.file('deskbridge.yaml');
    expect(file).toContain('\n    payAbove: 2500.5\n    ordersPerHour: null\n');
    expect(file).toContain('# draft: only create the work order; publish:');
    expect(world.file('deskbridge.yaml.before')).toContain('afterCreate: publish');
    expect(world.reloads).toBe(1);
  });
});
