/** A service with real accounts and no token of the operator's own: who gets in, and by what. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCanaryDesk, type CanaryDesk } from '../helpers/canary-desk';
import { buildOnce } from '../helpers/process';
import { until } from '../helpers/until';

let canary: CanaryDesk;
beforeAll(buildOnce);
beforeAll(async () => void (canary = await openCanaryDesk()));
afterAll(() => canary?.cleanUp());

it('a stranger on this machine is no operator, the generated token is, and a link signs in once', async () => {
  const { desk } = canary;
  const configFile = join(desk.dataDir, 'deskbridge.yaml');
  writeFileSync(configFile, 'dispatch: { afterCreate: draft }\n');
  // What the senders have is set; the rest is generated.
  const generated = { EVENTS_WRITE_KEY: '' };
  const env = { ...canary.env, ...generated, DESKBRIDGE_CONFIG: configFile, FRESHDESK_API_KYE: 'x' };
  const { run, url } = await desk.start(env);

  const secrets = JSON.parse(readFileSync(join(desk.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
  const { adminToken = '' } = secrets;
  expect(run.out()).toContain(`Admin token: "adminToken" in ${join(desk.dataDir, 'secrets.json')}\n`);
  expect(run.out()).not.toContain('Sign in:');
  expect(run.err()).toContain('FRESHDESK_API_KYE is not a setting of Deskbridge. Did you mean FRESHDESK_API_KEY?');
  for (const secret of Object.values(secrets)) expect(run.out() + run.err()).not.toContain(secret);

  const doors: [string, string][] = [
    ...['/', '/contacts', '/preview', '/audit', '/api/dispatches'].map((path): [string, string] => ['GET', path]),
    ...['/api/dispatches', '/codec/decode'].map((path): [string, string] => ['POST', path]),
  ];
  for (const [method, path] of doors) {
    const body = method === 'POST' ? { body: '{"ticket_id":3,"payloads":[]}' } : {};
    const headers = { 'content-type': 'application/json' };
    expect({ path, status: (await fetch(url + path, { method, headers, ...body })).status }).toEqual({
      path,
      status: 401,
    });
  }
  const bearer = { authorization: `Bearer ${adminToken}` };
  expect((await fetch(`${url}/api/dispatches`, { headers: bearer })).status).toBe(200);

  const told = desk.deskbridge(['sign-in', '--json'], env);
  expect([await told.ended, told.err()]).toEqual([0, '']);
  const { url: link, name } = JSON.parse(told.out()) as { url: string; name: string | null };
  const [page, code = ''] = link.split('#');
  expect([page, name]).toEqual([`${url}/sign-in`, null]);
  const use = (): Promise<Response> =>
    fetch(`${url}/sign-in`, {
      ...{ method: 'POST', redirect: 'manual', headers: { origin: url }, body: new URLSearchParams({ code }) },
    });
  const signedIn = await use();
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await fetch(url, { headers: { cookie } })).status).toBe(200);
  expect((await use()).status).toBe(401);

  const ticketId = canary.ticket();
  expect(await desk.deskbridge(['dispatch', String(ticketId)], env).ended).toBe(0);
  writeFileSync(configFile, 'dispatch: { afterCreate: publish }\n');
  run.kill('SIGHUP');
  const file = join(desk.dataDir, 'audit.jsonl');
  await until('the change to be written down', () => Promise.resolve(readFileSync(file, 'utf8').includes('config')));
  const acts = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(acts).toEqual([
    expect.objectContaining({ act: 'signed in', detail: 'by a link' }),
    expect.objectContaining({ act: 'sign-in refused' }),
    expect.objectContaining({ act: 'dispatched', via: 'shell', what: `ticket ${ticketId}` }),
    expect.objectContaining({ act: 'changed the config', detail: 'dispatch.afterCreate: "draft" → "publish"' }),
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
