/** Set-up by the keyboard alone: every field, choice and button is reached by Tab, is seen to have the focus, and does its work. */
import { describeInBrowser } from '../../helpers/browser';
import { CREDENTIALS, KEY, openSetup, TOKEN, type SetupWorld } from '../setup-world';

/** More than any of these pages has. */
const MOST_STOPS = 60;

interface Focused {
  name: string;
  /** In px: what shows where the focus is. */
  outline: number;
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const name = (element.labels?.[0] ?? element).innerText.replace(/\\s+/g, ' ').trim();
  return { name, outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) };
})()`;

describeInBrowser('set-up by the keyboard', (visit) => {
  let world: SetupWorld;
  beforeAll(async () => {
    world = await openSetup();
  });
  afterAll(() => world.stop());

  it('goes from the sign-in to the last step', async () => {
    const page = await visit(`${world.app.url}/setup`);
    const to = async (name: string): Promise<void> => {
      for (let stops = 0; stops < MOST_STOPS; stops++) {
        await page.keyboard.press('Tab');
        const now = await page.evaluate<Focused>(FOCUSED);
        if (!now.name.startsWith(name)) continue;
        expect(now.outline).toBeGreaterThanOrEqual(2);
        return;
      }
      throw new Error(`Tab never came to “${name}” on ${page.url()}.`);
    };
    const press = async (name: string): Promise<void> => {
      await to(name);
      await page.keyboard.press('Enter');
    };
    const type = async (name: string, text: string): Promise<void> => {
      await to(name);
      await page.keyboard.type(text);
    };
    const at = (name: string): Promise<void> => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
    const saved = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Save' }).waitFor();
      await press('Save');
    };

    await type('Admin token', TOKEN);
    await page.keyboard.press('Enter');
    await at('Set up Deskbridge');
    await press('Skip to the content');
    await press('Begin: Freshdesk');

    await at('Freshdesk');
    await type('Address of your help desk', 'realco');
    await type('API key', KEY);
    await press('Freshdesk is behind a proxy');
    await type('Address for API calls', world.sandbox.freshdeskUrl);
    await press('Test connection');
    await saved();

    await at('Field Nation');
    await to('Field Nation’s sandbox');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await press('Another address');
    await type('Address for API calls', world.sandbox.fieldNationUrl);
    await type('Client id', CREDENTIALS.clientId);
    await type('Client secret', CREDENTIALS.clientSecret);
    await type('User name', CREDENTIALS.username);
    await type('Password', CREDENTIALS.password);
    await page.keyboard.press('Enter');
    await saved();

    await at('Public address');
    await type('Public address', 'https://127.0.0.1:9');
    await page.keyboard.press('Enter');
    await saved();

    await at('Rules and fields');
    await to('Ticket status');
    await press('Make these 3 rules');
    await page.getByText('Made: Deskbridge: new ticket').waitFor();
    await press('Make the webhook');
    await page.getByText('The webhook is registered.').waitFor();
    await press('Go on to the mapping');

    await at('Mapping');
    await to('Type of work');
    await page.keyboard.press('ArrowDown');
    await type('Number of a real ticket', '999999');
    await press('Show the work order');
    await page.getByText('There is no ticket 999999 in Freshdesk').waitFor();
    await press('Go on to going live');

    await at('Go live');
    await to('Only make a draft');
    await press('Show the change');
    await saved();
    await at('Go live');
    expect(world.file('deskbridge.yaml')).toContain('afterCreate: draft');
  }, 180_000);
});
