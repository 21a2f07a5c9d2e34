/** A real headless Chromium for tests of the pages; without one on this machine those tests are skipped, and it is said. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { source as axeSource, type AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The program, as `CHROMIUM_PATH` or the search path gives it; null when there is none. */
function findChromium(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (CHROMIUM_PATH ? [CHROMIUM_PATH] : places).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const program = findChromium();

/** @throws Error where there is none. */
export function openChromium(): Promise<Browser> {
  if (program === null) throw new Error('There is no Chromium here: apt-get install chromium, or set CHROMIUM_PATH.');
  // Root has no sandbox of Chromium's kind.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: program, args, timeout: 120_000 });
}

/** `describe` with a browser; skipped, visibly, where there is none. */
export function describeInBrowser(what: string, tests: (visit: Visit) => void): void {
  if (program === null) {
    process.stderr.write(`LEFT OUT: ${what} – no Chromium here (apt-get install chromium, or set CHROMIUM_PATH).\n`);
  }
  (program === null ? describe.skip : describe)(what, () => {
    let browser: Browser;
    let complaints: string[] = [];
    beforeAll(async () => {
      browser = await openChromium();
    });
    beforeEach(() => (complaints = []));
    afterEach(() => expect(complaints).toEqual([]));
    afterAll(() => browser?.close());

    tests(async (address, { width = 1280, dark = false } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme: dark ? 'dark' : 'light',
      });
      context.on('page', (page) => heed(page, complaints));
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      await page.goto(address);
      return page;
    });
  });
}

/** Opens an address in a context of its own. At each test's end the pages must have had nothing to complain of. */
export type Visit = (address: string, options?: { width?: number; dark?: boolean }) => Promise<Page>;

/** What breaks the content security policy, or throws in a script, is written to the console. */
function heed(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // A refusal is a page too; a style or script that is missing is none.
    const isPage = message.text().startsWith('Failed to load resource') && !message.location().url.includes('/page/');
    if (message.type() === 'error' && !isPage) complaints.push(`${page.url()}: ${message.text()}`);
  });
}

/** What axe calls serious or critical on the page, each with its place. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}

/** By how many pixels the page is wider than the window. */
export const sticksOut = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
