/** What an operator does on the status page, clicked in a real browser. */
import { contactsOf } from '../../helpers/contacts';
import { describeInBrowser, seriousFaults, sticksOut } from '../../helpers/browser';
import { startStack, type Stack } from '../../helpers/stack';
import { ticketsOf, type TicketDesk } from '../../helpers/tickets';

const PHONE = 320;

describeInBrowser('the status page', (visit) => {
  let stack: Stack;
  let desk: TicketDesk;
  beforeAll(async () => {
    stack = await startStack();
    desk = ticketsOf(stack);
  });
  beforeEach(() => {
    for (const rule of stack.sandbox.control.rules()) stack.sandbox.control.setRule(rule.id, { active: true });
  });
  afterAll(() => stack?.stop());

  const stuckTicket = async (): Promise<number> => {
    const id = desk.newTicket({ subject: '<b>Bold</b> printer', custom_fields: { cf_site_address: null } });
    desk.trigger(id);
    await stack.view(id, 'an attention', (v) => v.attention !== null);
    return id;
  };

  it('finds what is stuck, says why, and after the fix a click sees it through', async () => {
    const { control } = stack.sandbox;
    const id = await stuckTicket();
    // No rule tells Deskbridge of the correction: the button alone must do.
    for (const rule of control.rules()) control.setRule(rule.id, { active: false });

    const page = await visit(stack.webUrl);
    await page.getByRole('link', { name: '1', exact: true }).click();
    await page.getByRole('button', { name: 'Try this one again' }).waitFor();
    await page.getByRole('link', { name: `Ticket ${id}` }).click();
    const panel = page.getByRole('region', { name: /Needs a person/ });
    expect(await panel.innerText()).toContain('street address');
    expect(await panel.innerText()).toContain('Fill in "Site address" in the ticket');

    const [ticket] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Ticket in Freshdesk' }).click(),
    ]);
    await ticket.getByText('Change the ticket').click();
    await ticket.getByLabel('Street').fill('200 Elm Ave');
    await ticket.getByRole('button', { name: 'Save' }).click();
    await ticket.waitForURL(/\/tickets\/\d+$/);

    await page.getByRole('button', { name: 'I fixed it – try again' }).click();
    await page.getByText('Trying again').waitFor();
    // Nobody reloads: the page follows by itself.
    await page.locator('.head .badge', { hasText: 'Dispatched' }).waitFor();
    expect(await panel.count()).toBe(0);
    for (const rule of control.rules()) control.setRule(rule.id, { active: true });
    await desk.finish(
      id,
      await stack.view(id, 'an order', (v) => v.workOrderId !== null).then((v) => v.workOrderId ?? 0),
    );
    await page.locator('.head .badge', { hasText: 'Work done' }).waitFor();
    await page.getByText(/Deskbridge created work order \d+ in Field Nation/).waitFor();

    await page.goto(stack.webUrl);
    const tile = page.locator('.tile', { has: page.getByRole('heading', { name: 'Work done today' }) });
    await tile.locator('.big', { hasText: /^1$/ }).waitFor();
  });

  it('cancels only with a reason, after it has asked', async () => {
    const id = await stuckTicket();
    const page = await visit(`${stack.webUrl}/dispatches/${id}`);
    await page.getByRole('link', { name: 'Cancel…' }).click();
    await page.getByRole('heading', { name: `Cancel the visit for ticket ${id}?` }).waitFor();
    await page.getByRole('button', { name: 'Cancel the visit' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect((await stack.dispatches.view(id))?.state).toBe('attention');
    await page.getByLabel('Reason').fill('Wrong shop');
    await page.getByRole('button', { name: 'Cancel the visit' }).click();
    await page.locator('.head .badge', { hasText: 'Cancelled' }).waitFor();
    expect(await page.locator('.timeline').innerText()).toContain('Wrong shop');
    expect(desk.ordersOf(id)).toEqual([]);
  });

  it('finds a dispatch by ticket, work order and correlation id, and says when no words fit', async () => {
    const id = desk.newTicket();
    desk.trigger(id);
    const order = await desk.dispatched(id);
    const page = await visit(stack.webUrl);
    for (const text of [`#${id}`, String(order), `FD-${stack.account}-${id}-1`]) {
      await page.getByLabel('Search', { exact: true }).fill(text);
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=/);
      const found = page.locator('tbody a[href^="/dispatches/"]');
      expect(await found.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
        `/dispatches/${id}`,
      ]);
      await page.goto(stack.webUrl);
    }
    await page.goto(`${stack.webUrl}/?q=nothing+has+these+words`);
    await page.getByText('No dispatch fits.').waitFor();
  });

  it('shows what a ticket would become, with its words as text and not as markup', async () => {
    const id = desk.newTicket({ subject: '<img src=x onerror=alert(1)> printer' });
    const page = await visit(`${stack.webUrl}/preview`);
    await page.getByLabel('Ticket number').fill(String(id));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: `Ticket ${id} can become a work order` }).waitFor();
    await page.getByText('<img src=x onerror=alert(1)> printer').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(desk.ordersOf(id)).toEqual([]);
  });

  it('shows what came of a person, and lets a contact that waits try again', async () => {
    const { control } = stack.sandbox;
    const people = contactsOf(stack);
    control.setKnobs({ freshdesk: { forbidden: true } });
    await people.signUp({ name: 'Ann Lee', email: 'ann@example.com' }, { userId: 'u1' });
    const page = await visit(`${stack.webUrl}/contacts?state=attention`);
    await page.locator('tbody a').first().click();
    await page.getByRole('heading', { name: /Needs a person: The API key/ }).waitFor();
    control.setKnobs({ freshdesk: { forbidden: false } });
    await page.getByRole('button', { name: 'I fixed it – try again' }).click();
    await page.locator('.badge', { hasText: 'Created' }).waitFor();

    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page.getByLabel('User id or e-mail').fill('Ann@example.com');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: 'Outcomes of Ann@example.com' }).waitFor();
    expect(page.url()).not.toContain('ann');
  });

  it('keeps the keyboard where it is while it refreshes, and says when it is cut off', async () => {
    const id = await stuckTicket();
    const page = await visit(`${stack.webUrl}/dispatches/${id}`);
    await page.locator('#retry').focus();
    await stack.starter.retry(id);
    await page.locator('.timeline', { hasText: 'A person asked Deskbridge to try again' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('retry');
    await page.context().setOffline(true);
    await page.getByText('Not connected since').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Not connected since').waitFor({ state: 'hidden' });
  });

  it('works without its script', async () => {
    const id = await stuckTicket();
    const page = await visit(stack.webUrl);
    const plain = await page.context().browser()?.newContext({ javaScriptEnabled: false });
    const bare = await plain?.newPage();
    await bare?.goto(`${stack.webUrl}/dispatches/${id}`);
    await bare?.getByRole('button', { name: 'I fixed it – try again' }).click();
    expect(await bare?.getByRole('status').first().innerText()).toContain('Trying again');
  });

  it.each([
    ['in light', 1280, false],
    ['in the dark', 1280, true],
    ['on a phone', PHONE, false],
  ])('is readable %s: axe finds nothing serious and nothing sticks out', async (_, width, dark) => {
    const id = await stuckTicket();
    const page = await visit(stack.webUrl, { width, dark });
    const paths = [
      '/',
      `/dispatches/${id}`,
      `/dispatches/${id}/cancel`,
      '/contacts',
      '/preview',
      '/?q=x',
      '/waiting',
      '/approve',
      '/events',
      '/events/test',
      '/audit',
    ];
    for (const path of paths) {
      await page.goto(`${stack.webUrl}${path}`);
      expect({ path, faults: await seriousFaults(page) }).toEqual({ path, faults: [] });
      expect({ path, sticksOut: await sticksOut(page) }).toEqual({ path, sticksOut: 0 });
    }
    await page.goto(`${stack.webUrl}/preview`);
    await page.getByLabel('Ticket number').fill(String(id));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: /cannot become/ }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await sticksOut(page)).toBe(0);
  });
});
