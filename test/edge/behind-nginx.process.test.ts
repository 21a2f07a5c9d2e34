/**
 * What is reachable through a reverse proxy on the same machine, where every stranger has a loopback address: a real nginx
 * in its usual configurations, callers of every kind, and each answer as a table.
 */
import { request } from 'node:http';
import { describeBehindNginx, startNginx, type Nginx } from '../helpers/nginx';
import { TOKEN } from './abuse-routes';
import { serveApp, type AppServer } from './app-server';

const HOST = 'proxy_set_header Host $host;';
const FORWARDED = `${HOST} proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Real-IP $remote_addr;`;
/** nginx's own default, what our documents advise, what most guides advise; and two that go wrong elsewhere. */
const SERVERS = {
  plain: 'location / { proxy_pass UPSTREAM; }',
  host: `location / { proxy_pass UPSTREAM; ${HOST} }`,
  forwarded: `location / { proxy_pass UPSTREAM; ${FORWARDED} }`,
  'plain 1.1': 'location / { proxy_pass UPSTREAM; proxy_http_version 1.1; }',
  'api closed': `location /api { deny all; } location / { proxy_pass UPSTREAM; ${FORWARDED} }`,
};
type Server = keyof typeof SERVERS;

const CALLERS: Record<string, Record<string, string>> = {
  anonymous: {},
  'as localhost': { host: 'localhost' },
  'wrong token': { authorization: `Bearer ${TOKEN}x` },
  token: { authorization: `Bearer ${TOKEN}` },
};
const JSON_TYPE = { 'content-type': 'application/json' };
const DOORS: [string, string, string][] = [
  ['GET', '/', ''],
  ['GET', '/audit', ''],
  ['GET', '/api/dispatches', ''],
  ['POST', '/api/dispatches', '{"ticket_id":7}'],
  ['POST', '/codec/decode', '{"payloads":[]}'],
  ['GET', '/API/dispatches', ''],
  ['POST', '/webhooks/freshdesk', '{"ticket_id":7}'],
  ['GET', '/healthz', ''],
];

function statusOf(root: string, [method, path, body]: (typeof DOORS)[number], headers = {}): Promise<number> {
  const { hostname, port } = new URL(root);
  return new Promise((resolve, reject) => {
    const given = { ...(body === '' ? {} : JSON_TYPE), ...headers };
    request({ hostname, port, method, path, headers: given }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end(body);
  });
}

/** One line for each proxy and caller: the statuses of the doors, in their order. */
async function tableOf({ urls }: Nginx<Server>): Promise<string[]> {
  const rows: string[] = [];
  for (const [server, url] of Object.entries(urls)) {
    for (const [caller, headers] of Object.entries(CALLERS)) {
      const statuses: number[] = [];
      for (const door of DOORS) statuses.push(await statusOf(url, door, headers));
      rows.push(`${server.padEnd(10)} | ${caller.padEnd(12)} | ${statuses.join(' ')}`);
    }
  }
  return rows;
}
const linesOf = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

describeBehindNginx('behind a reverse proxy on the same machine', () => {
  let app: AppServer;
  let nginx: Nginx<Server>;
  const begin = async (adminToken: string | null): Promise<void> => {
    app = await serveApp({}, { adminToken });
    nginx = await startNginx(app.url, SERVERS);
  };
  afterEach(async () => {
    await nginx?.stop();
    await app?.close();
  });

  it('with a token, which every real account has, nothing but the token opens', async () => {
    await begin(TOKEN);
    //                            /   audit  api POST  codec API  hook health
    expect(await tableOf(nginx)).toEqual(
      linesOf(`
        plain      | anonymous    | 401 401 401 401 401 404 401 200
        plain      | as localhost | 401 401 401 401 401 404 401 200
        plain      | wrong token  | 401 401 401 401 401 404 401 200
        plain      | token        | 200 200 200 202 200 404 401 200
        host       | anonymous    | 401 401 401 401 401 404 401 200
        host       | as localhost | 401 401 401 401 401 404 401 200
        host       | wrong token  | 401 401 401 401 401 404 401 200
        host       | token        | 200 200 200 202 200 404 401 200
        forwarded  | anonymous    | 401 401 401 401 401 404 401 200
        forwarded  | as localhost | 401 401 401 401 401 404 401 200
        forwarded  | wrong token  | 401 401 401 401 401 404 401 200
        forwarded  | token        | 200 200 200 202 200 404 401 200
        plain 1.1  | anonymous    | 401 401 401 401 401 404 401 200
        plain 1.1  | as localhost | 401 401 401 401 401 404 401 200
        plain 1.1  | wrong token  | 401 401 401 401 401 404 401 200
        plain 1.1  | token        | 200 200 200 202 200 404 401 200
        api closed | anonymous    | 401 401 403 403 401 404 401 200
        api closed | as localhost | 401 401 403 403 401 404 401 200
        api closed | wrong token  | 401 401 403 403 401 404 401 200
        api closed | token        | 200 200 403 403 200 404 401 200
      `),
    );
    expect(app.calls.filter(([name]) => name === 'dispatchVisit')).toHaveLength(4);
  });

  it('without one, beside both sandboxes, a proxy that shows itself opens nothing; one that hides opens the sandbox', async () => {
    await begin(null);
    expect(await tableOf(nginx)).toEqual(
      linesOf(`
        plain      | anonymous    | 401 401 401 401 401 404 401 200
        plain      | as localhost | 401 401 401 401 401 404 401 200
        plain      | wrong token  | 401 401 401 401 401 404 401 200
        plain      | token        | 401 401 401 401 401 404 401 200
        host       | anonymous    | 401 401 401 401 401 404 401 200
        host       | as localhost | 401 401 401 401 401 404 401 200
        host       | wrong token  | 401 401 401 401 401 404 401 200
        host       | token        | 401 401 401 401 401 404 401 200
        forwarded  | anonymous    | 401 401 401 401 401 404 401 200
        forwarded  | as localhost | 401 401 401 401 401 404 401 200
        forwarded  | wrong token  | 401 401 401 401 401 404 401 200
        forwarded  | token        | 401 401 401 401 401 404 401 200
        plain 1.1  | anonymous    | 200 200 200 202 200 404 401 200
        plain 1.1  | as localhost | 200 200 200 202 200 404 401 200
        plain 1.1  | wrong token  | 200 200 200 202 200 404 401 200
        plain 1.1  | token        | 200 200 200 202 200 404 401 200
        api closed | anonymous    | 401 401 403 403 401 404 401 200
        api closed | as localhost | 401 401 403 403 401 404 401 200
        api closed | wrong token  | 401 401 403 403 401 404 401 200
        api closed | token        | 401 401 403 403 401 404 401 200
      `),
    );
  });
});
