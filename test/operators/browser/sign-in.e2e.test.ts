/** Signing in by the form, in a real browser. */
import { describeInBrowser, seriousFaults, sticksOut } from '../../helpers/browser';
import { startStack, type Stack } from '../../helpers/stack';

const TOKEN = 'admin-token-of-the-test';

describeInBrowser('signing in to the status page', (visit) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ adminToken: TOKEN, withoutWorkers: true });
  });
  afterAll(() => stack?.stop());

  it('asks for the token, refuses a wrong one, goes on to the wanted page, and signs out', async () => {
    const page = await visit(`${stack.webUrl}/contacts?state=conflict`, { width: 360 });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.content()).not.toContain(stack.account);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await sticksOut(page)).toBe(0);

    await page.getByLabel('Admin token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the admin token.').waitFor();
    await page.getByLabel('Admin token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
    expect(page.url()).toBe(`${stack.webUrl}/contacts?state=conflict`);

    const [cookie, ...others] = await page.context().cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(cookie?.value).not.toContain(TOKEN);
    expect((cookie?.expires ?? 0) * 1000 - Date.now()).toBeLessThanOrEqual(12 * 60 * 60 * 1000);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
});
