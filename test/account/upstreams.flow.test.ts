/** The hosts that an account works with, as its processes record and hold them (interface, section 3). */
import { parseSettings, SettingsError } from '../../src/config/settings';
import { checkUpstreams, recordUpstreams, type UpstreamPartDeps } from '../../src/service/upstream-part';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

let stack: Stack;
beforeEach(async () => void (stack = await startStack()));
afterEach(() => stack.stop());

const LONG = 'a-secret-of-more-than-16-characters';
const real = (fieldNation: string): Record<string, string> => ({
  ...{ FRESHDESK_DOMAIN: 'acme', FRESHDESK_API_KEY: LONG, FRESHDESK_WEBHOOK_SECRET: LONG, EVENTS_WRITE_KEY: LONG },
  ...{ ADMIN_TOKEN: LONG, FIELD_NATION_BASE_URL: fieldNation, FIELD_NATION_WEBHOOK_SECRET: LONG },
  ...{ FIELD_NATION_CLIENT_ID: 'c', FIELD_NATION_CLIENT_SECRET: LONG, FIELD_NATION_USERNAME: 'u' },
  FIELD_NATION_PASSWORD: LONG,
});
const SANDBOX_FN = 'https://api-sandbox.fndev.net';
const PRODUCTION_FN = 'https://api.fieldnation.com';

const process = (env: Record<string, string>): UpstreamPartDeps => ({
  settings: parseSettings(env),
  ...{ client: stack.client, account: stack.account, dispatching: stack.dispatching },
});
const refusal = async (env: Record<string, string>): Promise<string> =>
  checkUpstreams(process(env)).then(
    () => 'it was not refused',
    (error: unknown) => (error instanceof SettingsError ? error.message : String(error)),
  );

test('a sandbox gives way to real accounts, and Field Nation’s sandbox to production, never the other way', async () => {
  await recordUpstreams(process({}));
  expect((await stack.dispatching.state()).upstreams).toEqual({ freshdesk: 'sandbox', fieldNation: 'sandbox' });
  await recordUpstreams(process(real(SANDBOX_FN)));
  await recordUpstreams(process(real(PRODUCTION_FN)));
  expect((await stack.dispatching.state()).upstreams).toEqual({
    ...{ freshdesk: 'acme.freshdesk.com', fieldNation: 'api.fieldnation.com' },
  });
  expect(await refusal(real(SANDBOX_FN))).toMatch(
    /FIELD_NATION_BASE_URL: leads to api-sandbox\.fndev\.net, but account .+ works with api\.fieldnation\.com\. Set Field Nation as before\./,
  );
  expect(await refusal({})).toContain("FRESHDESK_BASE_URL: leads to Deskbridge's own sandbox");
});

test('nothing gives way while a dispatch is open', async () => {
  await recordUpstreams(process({}));
  await ticketsOf(stack).inTheField();
  await until('the index', async () =>
    (await refusal(real(SANDBOX_FN))).includes('Cancel or finish the open dispatches'),
  );
});

test('of two processes with different hosts that start at once only one goes on', async () => {
  const hosts = [process(real(SANDBOX_FN)), process(real('https://fn.example.com'))];
  const ends = await Promise.allSettled(hosts.map(recordUpstreams));
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
