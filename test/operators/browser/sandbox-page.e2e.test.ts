/** The whole product tried by clicking, as a newcomer does. */
import { describeInBrowser, seriousFaults, sticksOut } from '../../helpers/browser';
import { startStack, type Stack } from '../../helpers/stack';

describeInBrowser('the sandbox page', (visit) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  it('takes a ticket from its form to resolved, with nothing but clicks', async () => {
    const page = await visit(stack.sandbox.url);
    await page.getByRole('button', { name: 'Create ticket' }).click();
    await page.waitForURL(/\/tickets\/\d+$/);
    const ticket = page.url();
    await page.getByRole('link', { name: /^Work order \d+$/ }).click();
    for (const action of ['Assign', 'Check in', 'Check out', 'Work done']) {
      await page.getByRole('button', { name: action, exact: true }).click();
    }
    await page.locator('.badge', { hasText: 'Work Done' }).waitFor();
    await page.goto(ticket);
    await page.locator('.badge', { hasText: 'Resolved' }).waitFor();
    await page.locator('.message.private').waitFor();
    expect(await page.locator('.path li.done').count()).toBe(4);

    const [status] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'In Deskbridge' }).click(),
    ]);
    await status.locator('.head .badge', { hasText: 'Work done' }).waitFor();
    const [back] = await Promise.all([
      status.waitForEvent('popup'),
      status.getByRole('link', { name: 'Ticket in Freshdesk' }).click(),
    ]);
    expect(back.url()).toBe(ticket);
  });

  it('makes trouble by a click, which the status page tells, and mends it', async () => {
    const page = await visit(stack.sandbox.url);
    await page.getByText('Make something go wrong').click();
    await page.getByRole('button', { name: 'Freshdesk refuses the key' }).click();
    const id = Number(stack.sandbox.control.createTicket({ status: 8 }).id);
    const view = await stack.view(id, 'an attention', (v) => v.attention !== null);
    expect(view.attention?.reason).toBe('unauthorized');
    await page.getByText('Make something go wrong').click();
    await page.getByRole('button', { name: 'Fix: Freshdesk refuses the key' }).click();
    await stack.starter.retry(id);
    await stack.view(id, 'a work order', (v) => v.workOrderId !== null);
  });

  it('sends a product event that becomes a contact', async () => {
    const page = await visit(`${stack.sandbox.url}/contacts`);
    await page.getByLabel('Name').fill('Zoe Marsh');
    await page.getByLabel('E-mail').fill('zoe@example.com');
    await page.getByRole('button', { name: 'Signed Up' }).click();
    await page.getByText('The contact shows below').waitFor();
    await page.goto(`${stack.sandbox.url}/contacts`);
    await page.getByRole('link', { name: 'Zoe Marsh' }).waitFor();
  });

  it.each([
    ['in light', 1280, false],
    ['in the dark on a phone', 360, true],
  ])('is readable %s: axe finds nothing serious and nothing sticks out', async (_, width, dark) => {
    const { control } = stack.sandbox;
    const id = Number(control.createTicket({ status: 8 }).id);
    const { workOrderId } = await stack.view(id, 'a work order', (v) => v.state === 'dispatched');
    const page = await visit(stack.sandbox.url, { width, dark });
    for (const path of ['/', `/tickets/${id}`, `/work-orders/${workOrderId}`, '/contacts', '/nowhere']) {
      await page.goto(`${stack.sandbox.url}${path}`);
      expect({ path, faults: await seriousFaults(page) }).toEqual({ path, faults: [] });
      expect({ path, sticksOut: await sticksOut(page) }).toEqual({ path, sticksOut: 0 });
    }
  });
});
