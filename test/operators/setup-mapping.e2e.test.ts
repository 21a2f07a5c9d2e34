/** The mapping chosen in a browser: drop-downs of what the accounts have, beside the work order of a real ticket. */
import { enterAccounts, openSetup, type SetupWorld, type Shown } from './setup-world';

let world: SetupWorld;
beforeEach(async () => {
  world = await openSetup();
  await enterAccounts(world);
});
afterEach(() => world.stop());

/** The form as the browser would send it, with some fields changed. */
function formOf({ html }: Shown, changed: Record<string, string>): Record<string, string> {
  const selects = [...html.matchAll(/<select\s[^>]*name="(\w+)"[^>]*>([\s\S]*?)<\/select>/g)].map(
    ([, name = '', options = '']): [string, string] => [name, /value="([^"]*)"\s+selected/.exec(options)?.[1] ?? ''],
  );
  const inputs = [...html.matchAll(/<input\s[^>]*name="(payDefault|countryDefault|ticket)"\s+value="([^"]*)"/g)];
  return {
    ...Object.fromEntries(selects),
    ...Object.fromEntries(inputs.map(([, name, value]) => [name, value])),
    ...changed,
  };
}
const choose = async (changed: Record<string, string>): Promise<Shown> =>
  world.post('/setup/mapping', formOf(await world.get('/setup/mapping'), changed));
const ticket = (fields: Record<string, string>): string =>
  String(
    world.sandbox.control.createTicket({
      ...{ subject: 'Card reader offline', status: 8, email: 'mara@quint.example', due_by: '2031-02-03T17:00:00Z' },
      ...{ description: 'No link', priority: 2, custom_fields: fields },
    }).id,
  );

it('offers what the accounts have, chosen as the config file says, and changes nothing by itself', async () => {
  const page = await world.get('/setup/mapping');
  expect(page.html).toMatch(/<option value="cf_site_address" selected>Site address \(cf_site_address\)<\/option>/);
  expect(page.html).toMatch(/<option value="cf_visit_time" selected>/);
  expect(page.html).toMatch(/<option value="62" selected>/);
  expect(page.html).not.toContain('not in your account');
  expect((await choose({ act: 'change' })).text).toContain('Nothing would change.');
});

it('writes another field, type of work and pay into the config file, and keeps all else of it', async () => {
  const before = world.file('deskbridge.yaml');
  const other = /<option value="(\d+)" ?>/.exec(
    (await world.get('/setup/mapping')).html.split('id="type"')[1] ?? '',
  )?.[1];
  const shown = await choose({
    act: 'change',
    address: 'cf_po_number',
    type: other ?? '',
    payDefault: '99.5',
    time: 'cf_technician',
  });
  expect(shown.status).toBe(200);
  expect(await world.save(shown)).toMatchObject({ status: 303, location: '/setup/go-live?saved=1' });
  const after = world.file('deskbridge.yaml');
  const changed = after.split('\n').filter((line) => !before.split('\n').includes(line));
  expect(changed.map((line) => line.trim())).toEqual([
    `types_of_work: { static: [{ id: ${other}, isPrimary: true }] }`,
    'location.address1: { first: [ticket.custom_fields.cf_po_number, ticket.custom_fields.cf_fsm_service_location] }',
    'then: { concat: [ticket.custom_fields.cf_visit_date, ticket.custom_fields.cf_technician] }',
    'pay.base.amount: { from: ticket.custom_fields.cf_pay_amount, default: 99.5 }',
  ]);
  expect(after.split('\n')).toHaveLength(before.split('\n').length);
  expect(world.reloads).toBe(1);
});

it('can do without optional fields, and finds them again', async () => {
  await world.save(
    await choose({
      act: 'change',
      pay: '-',
      payDefault: '200',
      date: '-',
      siteName: '-',
      country: '-',
      countryDefault: 'ca',
    }),
  );
  const file = world.file('deskbridge.yaml');
  expect(file).toContain('pay.base.amount: { static: 200 }');
  expect(file).toContain('location.country: { static: CA }');
  expect(file).not.toContain('cf_visit_date');
  await world.save(await choose({ act: 'change', pay: 'cf_pay_amount', date: 'cf_visit_date' }));
  expect(world.file('deskbridge.yaml')).toContain(
    'pay.base.amount: { from: ticket.custom_fields.cf_pay_amount, default: 200 }',
  );
});

it('names at its field what the account lacks', async () => {
  world.sandbox.control.setKnobs({ freshdesk: { missingFields: ['cf_site_city'] } });
  const page = await world.get('/setup/mapping');
  expect(/id="city-problem">([^<]+)/.exec(page.html)?.[1]).toMatch(/^Your account has no cf_site_city/);
  expect((await choose({ act: 'change', countryDefault: 'USA' })).html).toContain('id="countryDefault-problem"');
});

it('shows the work order of a real ticket by what is chosen, before it is saved', async () => {
  const id = ticket({
    cf_site_address: '12 Mill Road',
    cf_site_city: 'Dayton',
    cf_site_state: 'OH',
    cf_site_zip: '45402',
    cf_po_number: 'PO 7 Street',
  });
  const now = await choose({ act: 'preview', ticket: id });
  expect(now.text).toContain(`Ticket ${id} can become a work order`);
  expect(now.text).toContain('12 Mill Road');
  const other = await choose({ act: 'preview', ticket: id, address: 'cf_po_number' });
  expect(other.text).toContain('PO 7 Street');
  expect(world.file('deskbridge.yaml')).not.toContain('cf_po_number');
  expect((await choose({ act: 'preview', ticket: '999999' })).text).toContain('There is no ticket 999999 in Freshdesk');
  const orders = world.sandbox.control
    .history()
    .filter(({ method, path }) => method === 'POST' && path.includes('workorders'));
  expect(orders).toEqual([]);
});
