/** Set-up in a browser without scripts: accounts are tested at once, and what is saved is what a person would write. */
import { statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CREDENTIALS, KEY, openSetup, TOKEN, type SetupWorld, type WorldOptions } from './setup-world';

let world: SetupWorld;
const open = async (options?: WorldOptions): Promise<SetupWorld> => (world = await openSetup(options));
afterEach(() => world.stop());

const freshdesk = (more: Record<string, string> = {}): Record<string, string> => ({
  ...{ address: 'https://realco.freshdesk.com/a/tickets/3', key: KEY, baseUrl: world.sandbox.freshdeskUrl },
  ...more,
});
const fieldNation = (more: Record<string, string> = {}): Record<string, string> => ({
  ...{ world: 'other', baseUrl: world.sandbox.fieldNationUrl, ...CREDENTIALS },
  ...more,
});
/** The sandbox's Freshdesk with its agent in another time zone. */
async function inZone(zone: string, target: string): Promise<{ url: string; close: () => Promise<unknown> }> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization = '' } = request.headers;
    const answer = await fetch(`${target}${request.url}`, { headers: { authorization } });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end((await answer.text()).replace('"time_zone":"UTC"', `"time_zone":${JSON.stringify(zone)}`));
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}
const asked = (): number => world.sandbox.control.history().length;

describe('who may set up', () => {
  it('asks for a sign-in even where the other pages let this machine in', async () => {
    await open();
    const answers = await Promise.all(
      ['/', '/setup', '/setup/freshdesk'].map((path) => fetch(`${world.app.url}${path}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect(await answers[1]?.text()).toContain('Admin token');
    expect((await world.post('/setup/freshdesk', freshdesk(), {})).status).toBe(401);
    expect(asked()).toBe(0);
  });

  it('is offered on the first page beside both sandboxes, and in the menu always', async () => {
    await open();
    expect((await world.get('/')).text).toContain('Connect your own accounts');
    await world.stop();
    await open({ adminToken: TOKEN });
    const { html } = await world.get('/');
    expect([html.includes('Connect your own accounts'), html.includes('href="/setup"')]).toEqual([false, true]);
  });

  it('signs in by the token, and takes no form of another page', async () => {
    await open();
    const { url } = world.app;
    const signIn = await fetch(`${url}/sign-in`, {
      ...{ method: 'POST', redirect: 'manual', headers: { origin: url } },
      body: new URLSearchParams({ token: TOKEN, next: '/setup' }),
    });
    expect([signIn.status, signIn.headers.get('location')]).toEqual([303, '/setup']);
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${url}/setup`, { headers: { cookie } })).status).toBe(200);
    expect((await world.post('/setup/freshdesk', freshdesk(), { cookie, origin: 'http://evil.example' })).status).toBe(
      403,
    );
    expect((await world.post('/setup/freshdesk', freshdesk(), { cookie, origin: url })).status).toBe(200);
  });
});

describe('the Freshdesk account', () => {
  it('is read from a pasted address, tested, shown before it is saved, and never shows its key', async () => {
    await open({ env: '# mine\nPORT=3000\n' });
    const shown = await world.post('/setup/freshdesk', freshdesk());
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('is the key of agent');
    expect(shown.text).toContain('administrator: Deskbridge can make the rules');
    expect(shown.text).toContain('700 in your plan; Deskbridge uses up to 350');
    expect(shown.text).toContain('+ FRESHDESK_DOMAIN=realco + FRESHDESK_BASE_URL=');
    expect(shown.html).not.toContain(KEY);
    expect(world.file('.env')).toBe('# mine\nPORT=3000\n');

    expect(await world.save(shown)).toMatchObject({ status: 303, location: '/setup/field-nation?saved=1' });
    expect(world.file('.env')).toBe(
      `# mine\nPORT=3000\nFRESHDESK_DOMAIN=realco\nFRESHDESK_BASE_URL=${world.sandbox.freshdeskUrl}\nFRESHDESK_API_KEY=${KEY}\n`,
    );
    expect(world.file('.env.before')).toBe('# mine\nPORT=3000\n');
    expect(statSync(join(world.folder, '.env')).mode & 0o777).toBe(0o600);
    expect(world.audited()).toEqual([
      { act: 'changed the settings', what: null, detail: 'FRESHDESK_DOMAIN, FRESHDESK_BASE_URL, FRESHDESK_API_KEY' },
    ]);
    const later = await world.get('/setup/freshdesk');
    expect(later.text).toContain('A key is stored');
    expect(later.html + world.app.lines.join('')).not.toContain(KEY);
    // Saved once: the same button does nothing more.
    expect((await world.save(shown)).status).toBe(409);
  });

  it('names what is wrong at its field, and saves nothing', async () => {
    await open();
    const other = await world.post('/setup/freshdesk', freshdesk({ address: 'https://support.acme.com' }));
    expect([other.status, /id="address-problem">([^<]+)/.exec(other.html)?.[1]]).toEqual([
      400,
      'This is not a Freshdesk address. It looks like https://acme.freshdesk.com.',
    ]);
    const refused = await world.post('/setup/freshdesk', freshdesk({ key: 'canary-wrong-key' }));
    expect(/id="key-problem">([^<]+)/.exec(refused.html)?.[1]).toMatch(/^Freshdesk refuses the key \(401\)/);
    expect(refused.html).not.toMatch(/canary|name="proposal"/);
    const plain = await world.post('/setup/freshdesk', freshdesk({ baseUrl: 'http://proxy.example' }));
    expect(/id="baseUrl-problem">([^<]+)/.exec(plain.html)?.[1]).toContain('is not https');
  });

  it('finds the region of phone numbers by the time zone, and leaves a person’s choice alone', async () => {
    await open();
    const desk = await inZone('Eastern Time (US & Canada)', world.sandbox.freshdeskUrl);
    try {
      const shown = await world.post('/setup/freshdesk', freshdesk({ baseUrl: desk.url }));
      expect(shown.text).toContain('- defaultRegion: GB');
      await world.save(shown);
      const file = world.file('deskbridge.yaml');
      expect(file).toContain('\n  defaultRegion: US # of phone numbers without a country code\n');
      writeFileSync(join(world.folder, 'deskbridge.yaml'), file.replace('defaultRegion: US', 'defaultRegion: FR'));
      expect((await world.post('/setup/freshdesk', freshdesk({ baseUrl: desk.url }))).text).toContain(
        'Nothing would change',
      );
    } finally {
      await desk.close();
    }
  });

  it('sends a stored key to no other address: the key is asked for anew', async () => {
    await open();
    await world.save(await world.post('/setup/freshdesk', freshdesk()));
    const before = asked();
    const moved = await world.post(
      '/setup/freshdesk',
      freshdesk({ key: '', baseUrl: `${world.sandbox.url}/elsewhere` }),
    );
    expect(moved.status).toBe(400);
    expect(/id="key-problem">([^<]+)/.exec(moved.html)?.[1]).toContain('Enter the API key of this account');
    expect(asked()).toBe(before);
    const same = await world.post('/setup/freshdesk', freshdesk({ key: '' }));
    expect([same.status, same.text.includes('Nothing would change')]).toEqual([200, true]);
  });

  it('leaves alone what the environment sets, and says where to change it', async () => {
    await open({ outside: { FRESHDESK_API_KEY: KEY } });
    expect((await world.get('/setup/freshdesk')).text).toContain('The environment sets FRESHDESK_API_KEY');
    const moved = await world.post('/setup/freshdesk', freshdesk({ key: 'typed-all-the-same' }));
    expect([moved.status, asked()]).toEqual([400, 0]);
  });

  it('does not save over what somebody has changed since', async () => {
    await open();
    const shown = await world.post('/setup/freshdesk', freshdesk());
    writeFileSync(join(world.folder, '.env'), 'PORT=1\n');
    expect(await world.save(shown)).toMatchObject({ status: 409, text: expect.stringContaining('changed meanwhile') });
    expect(world.file('.env')).toBe('PORT=1\n');
  });
});

describe('Field Nation', () => {
  it('is tested with all four, saved, and shows none of them', async () => {
    await open();
    await world.save(await world.post('/setup/freshdesk', freshdesk()));
    const wrong = await world.post('/setup/field-nation', fieldNation({ password: 'canary-wrong' }));
    expect(/id="clientId-problem">([^<]+)/.exec(wrong.html)?.[1]).toMatch(/^Field Nation refuses these credentials/);
    const shown = await world.post('/setup/field-nation', fieldNation());
    expect(shown.text).toContain('It accepts these credentials');
    expect(wrong.html + shown.html).not.toContain('canary');
    expect(await world.save(shown)).toMatchObject({ status: 303, location: '/setup/address?saved=1' });
    for (const value of Object.values(CREDENTIALS)) expect(world.file('.env')).toContain(`=${value}\n`);
    const before = asked();
    const production = await world.post('/setup/field-nation', { world: 'production' });
    expect([production.status, production.text.match(/Enter this one too/g)?.length, asked()]).toEqual([
      400,
      4,
      before,
    ]);
  });

  it('asks for what is missing, and can be played instead', async () => {
    await open();
    await world.save(await world.post('/setup/freshdesk', freshdesk()));
    const half = await world.post('/setup/field-nation', fieldNation({ username: '' }));
    expect([half.status, half.html.includes('id="username-problem"')]).toEqual([400, true]);
    const played = await world.post('/setup/field-nation', { world: 'played' });
    await world.save(played);
    expect(world.file('.env')).toMatch(/^FIELD_NATION_SANDBOX=true$/m);
  });
});

it('writes nothing on a cluster, and shows what to put where', async () => {
  await open({ outside: { TEMPORAL_ADDRESS: 'temporal.example:7233' } });
  const shown = await world.post('/setup/freshdesk', freshdesk());
  expect(shown.text).toContain('Put this into your settings');
  expect(shown.text).toContain('+ FRESHDESK_DOMAIN=realco');
  expect(shown.html).not.toContain('name="proposal"');
  expect((await world.post('/setup/save', { proposal: 'x' })).status).toBe(409);
});

it('restarts once the waiting page is out, when the saved settings are whole', async () => {
  await open();
  await world.save(await world.post('/setup/freshdesk', freshdesk()));
  expect((await world.get('/setup')).text).toContain('Saved settings wait for a restart');
  expect(await world.post('/setup/restart', {})).toMatchObject({ status: 303, location: '/setup/restarting' });
  expect(world.restarts).toBe(0);
  const waiting = await fetch(`${world.app.url}/setup/restarting`);
  expect([waiting.status, (await waiting.text()).includes('realco')]).toEqual([200, false]);
  expect(world.restarts).toBe(1);
  expect(world.audited().map(({ act }) => act)).toEqual(['changed the settings', 'restarted']);
});
