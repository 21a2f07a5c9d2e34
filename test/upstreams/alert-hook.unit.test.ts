import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAlertHook, signatureOf, type AlertHook } from '../../src/clients/alert-hook';

let server: Server | undefined;
let hook: AlertHook;
const never = new AbortController().signal;
const serve = async (handle: RequestListener): Promise<string> => {
  server = createServer(handle);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/secret-token`;
};
afterEach(async () => {
  await hook.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});
const post = (url: string) => hook.post({ url, id: 'alerts-acme-1', body: '{}' }, never);

describe('posting an alert', () => {
  it('signs as Standard Webhooks says: the example of its documentation', () => {
    hook = createAlertHook({ secret: null });
    const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const body = '{"test": 2432232314}';
    expect(signatureOf(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('follows no redirect', async () => {
    hook = createAlertHook({ secret: null });
    const paths: string[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await post(url)).toBe('answered 307');
    expect(paths).toEqual(['/services/T0/secret-token']);
  });

  it('gives up in time when nothing is answered, and does not repeat the address, which may hold a token', async () => {
    hook = createAlertHook({ secret: null, timeoutMs: 100 });
    const url = await serve(() => undefined);
    const why = await post(url);
    expect(why).toMatch(/^could not be reached/);
    expect(why).not.toContain('secret-token');
  });

  it('says so when nobody listens', async () => {
    hook = createAlertHook({ secret: null });
    expect(await post('http://127.0.0.1:1/x')).toBe('could not be reached (ECONNREFUSED)');
  });
});
