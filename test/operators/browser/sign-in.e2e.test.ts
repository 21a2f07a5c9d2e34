/** Signing in by the form, in a real browser. */
import { describeInBrowser, seriousFaults, sticksOut } from '../../helpers/browser';
import { signInLink } from '../../../src/cli/sign-in';
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
    // A copy of the cookie opens nothing any more.
    const copy = { cookie: `${cookie?.name}=${cookie?.value}` };
    expect((await fetch(stack.webUrl, { headers: copy })).status).toBe(401);
  });

  it('signs in by a link, once, and takes its code out of the address', async () => {
    const { url } = await signInLink({ account: stack.account, adminToken: TOKEN }, stack.webUrl, null);
    const page = await visit(url, { width: 360 });
    const button = page.getByRole('button', { name: 'Sign in' });
    await button.waitFor();
    expect(page.url()).toBe(`${stack.webUrl}/sign-in`);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await sticksOut(page)).toBe(0);
    await button.click();
    await page.getByRole('heading', { name: 'Dispatches', exact: true, level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Audit', exact: true }).click();
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);

    const again = await visit(url);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('This link was used, or is older than 10 minutes.').waitFor();
    expect(await again.context().cookies()).toEqual([]);
  });
});
