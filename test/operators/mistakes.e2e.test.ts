/** What goes wrong while somebody connects the accounts: each message names the setting or field, the cause, the next step. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { runCli, settingsOf } from '../helpers/cli';
import { startStack, type Stack } from '../helpers/stack';

let stack: Stack;
let folder: string;
let settings: Record<string, string>;
/** Answers every request with a page, as a proxy or a parked domain does. */
let stranger: Server;
let strangerUrl: string;

const EMPTY = `empty-${process.pid}-${Date.now()}`;

beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-mistakes-'));
  settings = settingsOf(stack, join(folder, 'data'));
  stranger = createServer((_request, response) => void response.end('<html>Buy this domain</html>'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  await stack.client.workflowService.registerNamespace({
    namespace: EMPTY,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
});
afterAll(async () => {
  await new Promise((resolve) => stranger.close(resolve));
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
  stack.sandbox.control.setWebhookActive(true);
});

interface Mistake {
  /** Null unsets a setting. */
  env?: Record<string, string | null> | (() => Record<string, string | null>);
  config?: string;
  arrange?: () => unknown;
  level?: 'red' | 'yellow';
  /** The setting or field. */
  names: RegExp;
  cause: RegExp;
  next: RegExp;
}

const CLOSED = 'http://127.0.0.1:1';
const fault = (system: 'freshdesk' | 'field-nation', status: number, path?: string) => (): unknown =>
  stack.sandbox.control.addFault({ system, kind: 'status', status, ...(path === undefined ? {} : { path }) });

const MISTAKES: Record<string, Mistake> = {
  'a whole address as domain': {
    env: { FRESHDESK_DOMAIN: 'https://acme.freshdesk.com' },
    ...{ names: /FRESHDESK_DOMAIN/, cause: /not a subdomain/, next: /FRESHDESK_DOMAIN=acme$/ },
  },
  'no key': {
    env: { FRESHDESK_API_KEY: null },
    ...{ names: /FRESHDESK_API_KEY/, cause: /missing/, next: /Profile settings/ },
  },
  'a key in a file that is not there': {
    env: { FRESHDESK_API_KEY: null, FRESHDESK_API_KEY_FILE: '/no/such/file' },
    ...{ names: /FRESHDESK_API_KEY_FILE/, cause: /cannot be read \(ENOENT\)/, next: /path/ },
  },
  'no webhook secret': {
    env: { FRESHDESK_WEBHOOK_SECRET: null },
    ...{ names: /FRESHDESK_WEBHOOK_SECRET/, cause: /missing/, next: /long random text/ },
  },
  'no write key': {
    env: { EVENTS_WRITE_KEY: null },
    ...{ names: /EVENTS_WRITE_KEY/, cause: /missing/, next: /long random text/ },
  },
  'half of the credentials': {
    env: { FIELD_NATION_PASSWORD: null },
    ...{ names: /FIELD_NATION_PASSWORD/, cause: /missing/, next: /all of FIELD_NATION_CLIENT_ID/ },
  },
  'the path of the API in the base URL': {
    env: { FIELD_NATION_BASE_URL: 'https://api.fieldnation.com/api/rest/v2' },
    ...{ names: /FIELD_NATION_BASE_URL/, cause: /ends with/, next: /https:\/\/api\.fieldnation\.com$/ },
  },
  'a port that is none': {
    env: { PORT: '80a' },
    ...{ names: /PORT/, cause: /"80a" is not a whole number/, next: /3000/ },
  },
  'an interval in words': {
    env: { RECONCILE_INTERVAL: '10 minutes' },
    ...{ names: /RECONCILE_INTERVAL/, cause: /not a length of time/, next: /10m/ },
  },
  'open to the network without a token': {
    env: { HOST: '0.0.0.0', ADMIN_TOKEN: null },
    ...{ names: /ADMIN_TOKEN/, cause: /missing while HOST/, next: /long random text/ },
  },
  'a real account on a cluster without a token': {
    env: { ADMIN_TOKEN: null },
    ...{ names: /ADMIN_TOKEN/, cause: /missing with TEMPORAL_ADDRESS/, next: /long random text/ },
  },
  'a secret that can be guessed': {
    env: { EVENTS_WRITE_KEY: 'short' },
    ...{ names: /EVENTS_WRITE_KEY/, cause: /shorter than 16 characters/, next: /openssl rand/ },
  },
  'a name that no setting has': {
    env: { FRESHDESK_API_KYE: 'x' },
    level: 'yellow',
    ...{ names: /FRESHDESK_API_KYE/, cause: /not a setting/, next: /Did you mean FRESHDESK_API_KEY/ },
  },
  'a log level that is none': {
    env: { LOG_LEVEL: 'loud' },
    ...{ names: /LOG_LEVEL/, cause: /"loud" is not a level/, next: /info/ },
  },
  'a namespace without an address': {
    env: { TEMPORAL_ADDRESS: null, TEMPORAL_NAMESPACE: 'prod' },
    ...{ names: /TEMPORAL_NAMESPACE/, cause: /no TEMPORAL_ADDRESS/, next: /Set TEMPORAL_ADDRESS/ },
  },
  'a data dir that is a file': {
    env: () => ({ DESKBRIDGE_DATA_DIR: __filename }),
    ...{ names: /DESKBRIDGE_DATA_DIR/, cause: /cannot be used/, next: /folder/ },
  },
  'a config file that is not there': {
    env: { DESKBRIDGE_CONFIG: '/no/such.yaml' },
    ...{ names: /\/no\/such\.yaml/, cause: /no such file/, next: /DESKBRIDGE_CONFIG/ },
  },
  'bad YAML': {
    config: 'dispatch:\n  when: { statuses: ["Field Service Required" }\n',
    ...{ names: /\.yaml:2:\d+/, cause: /./, next: /./ },
  },
  'a key that is not known': {
    config: 'dispatch:\n  afterCreat: draft\n',
    ...{ names: /\.yaml:2:3/, cause: /afterCreat/, next: /did you mean "afterCreate"/ },
  },
  'a target that is not known': {
    config: 'workOrder:\n  titel: { from: ticket.subject }\n',
    ...{ names: /\.yaml:2:3/, cause: /titel/, next: /did you mean "title"/ },
  },
  'a source that is none': {
    config: 'workOrder:\n  title: { from: tickt.subject }\n',
    ...{ names: /\.yaml:2:\d+/, cause: /"tickt" is not a source/, next: /did you mean "ticket"/ },
  },
  'routing to nobody': {
    config: 'dispatch: { afterCreate: route }\n',
    ...{ names: /\.yaml:1:\d+/, cause: /needs a provider/, next: /routeTo/ },
  },
  'a Temporal that does not listen': {
    env: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    ...{ names: /TEMPORAL_ADDRESS/, cause: /127\.0\.0\.1:1/, next: /host:port/ },
  },
  'no embedded server': {
    env: { TEMPORAL_ADDRESS: null, TEMPORAL_NAMESPACE: null },
    ...{ names: /embedded server/, cause: /none runs on DESKBRIDGE_DATA_DIR/, next: /npm start/ },
  },
  'a namespace that is not there': {
    env: { TEMPORAL_NAMESPACE: 'nowhere' },
    ...{
      names: /TEMPORAL_NAMESPACE/,
      cause: /no namespace nowhere/,
      next: /temporal operator namespace create --namespace nowhere/,
    },
  },
  'a namespace without search attributes': {
    env: { TEMPORAL_NAMESPACE: EMPTY },
    ...{ names: /search attributes/, cause: /DeskbridgeTicketId/, next: /temporal operator search-attribute create/ },
  },
  'no worker': {
    env: { TEMPORAL_NAMESPACE: EMPTY },
    ...{ names: /queue deskbridge-\S+-freshdesk$/, cause: /no worker/, next: /npm start/ },
  },
  'no schedule': {
    ...{ level: 'yellow', names: /schedule reconcile-/, cause: /not there/, next: /Start the service/ },
  },
  'a wrong key': {
    env: { FRESHDESK_API_KEY: 'wrong-key-of-somebody' },
    ...{ names: /FRESHDESK_API_KEY/, cause: /refuses the key \(401\)/, next: /Profile settings/ },
  },
  'a key without rights': {
    arrange: () => stack.sandbox.control.setKnobs({ freshdesk: { forbidden: true } }),
    ...{ names: /FRESHDESK_API_KEY/, cause: /does not let the key's agent/, next: /role/ },
  },
  'a key that may not see fields': {
    arrange: fault('freshdesk', 403, 'listTicketFields'),
    ...{ names: /FRESHDESK_API_KEY/, cause: /GET \/ticket_fields \(403\)/, next: /role/ },
  },
  'a domain that leads elsewhere': {
    env: () => ({ FRESHDESK_BASE_URL: strangerUrl }),
    ...{ names: /FRESHDESK_DOMAIN/, cause: /is not Freshdesk/, next: /FRESHDESK_DOMAIN/ },
  },
  'an account that is not there': {
    arrange: fault('freshdesk', 404),
    ...{ names: /FRESHDESK_DOMAIN/, cause: /no Freshdesk account/, next: /subdomain alone/ },
  },
  'a closed port in place of Freshdesk': {
    env: { FRESHDESK_BASE_URL: CLOSED },
    ...{ names: /FRESHDESK_DOMAIN/, cause: /nothing listens/, next: /FRESHDESK_BASE_URL/ },
  },
  'a quota that is used up': {
    arrange: () => stack.sandbox.control.setKnobs({ freshdesk: { quotaPerMinute: 1 } }),
    ...{ names: /quota|FRESHDESK_API_KEY/, cause: /used up/, next: /Wait \d+ s/ },
  },
  'an outage': {
    arrange: fault('freshdesk', 503),
    ...{ names: /Freshdesk/, cause: /is down.*503/, next: /Try again later/ },
  },
  'more calls than the account has': {
    env: { FRESHDESK_CALLS_PER_MINUTE: '5000' },
    ...{
      level: 'yellow',
      names: /FRESHDESK_CALLS_PER_MINUTE/,
      cause: /5000, but the account has 700/,
      next: /at most 700/,
    },
  },
  'a status that the account lacks': {
    config: "dispatch: { when: { statuses: ['Field Service Requird'] } }\n",
    ...{
      names: /dispatch\.when\.statuses\[0\]/,
      cause: /"Field Service Requird" does not exist/,
      next: /Did you mean "Field Service Required"/,
    },
  },
  'an effect with a status that the account lacks': {
    config: 'status: { work-done: { ticketStatus: Finished } }\n',
    ...{ names: /status\.work-done\.ticketStatus/, cause: /"Finished" does not exist/, next: /Admin > Ticket Fields/ },
  },
  'a link field that the account lacks': {
    config: 'dispatch: { linkField: cf_work_order }\n',
    ...{
      names: /dispatch\.linkField/,
      cause: /"cf_work_order" does not exist/,
      next: /Did you mean "cf_work_order_id"/,
    },
  },
  'a link field that cannot hold a number': {
    config: 'dispatch: { linkField: cf_after_hours }\n',
    ...{ names: /dispatch\.linkField/, cause: /custom_checkbox/, next: /text field/ },
  },
  'a mapped ticket field that the account lacks': {
    config: 'workOrder: { title: { from: ticket.custom_fields.cf_sight_name } }\n',
    ...{ names: /workOrder\.title/, cause: /"cf_sight_name"/, next: /Did you mean "cf_site_name"/ },
  },
  'a field in a note that the account lacks': {
    config: 'status: { paid: { note: "{{ticket.custom_fields.cf_bill}}" } }\n',
    ...{ names: /status\.paid/, cause: /"cf_bill"/, next: /deskbridge fields freshdesk/ },
  },
  'a contact field that the account lacks': {
    config: 'contacts: { customFields: { sign_up_methode: properties.method } }\n',
    ...{ names: /contacts\.customFields/, cause: /"sign_up_methode"/, next: /Did you mean "signup_method"/ },
  },
  'a field that closing wants': {
    arrange: () => stack.sandbox.control.setKnobs({ freshdesk: { requiredForClosure: ['cf_po_number'] } }),
    ...{
      level: 'yellow',
      names: /status\.work-done/,
      cause: /cf_po_number/,
      next: /Fill it under status\.work-done\.fields/,
    },
  },
  'a key that may not see rules': {
    arrange: () => stack.sandbox.control.setKnobs({ freshdesk: { administrator: false } }),
    ...{ level: 'yellow', names: /automation rules/, cause: /cannot be seen/, next: /by hand/ },
  },
  'another secret in the rule': {
    env: { FRESHDESK_WEBHOOK_SECRET: 'changed-on-this-side-only' },
    ...{ level: 'yellow', names: /rule "Field service/, cause: /another secret/, next: /X-Webhook-Secret/ },
  },
  'wrong credentials': {
    env: { FIELD_NATION_PASSWORD: 'wrong-password' },
    ...{
      names: /FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME, _PASSWORD/,
      cause: /refuses these credentials/,
      next: /FIELD_NATION_BASE_URL/,
    },
  },
  'a closed port in place of Field Nation': {
    env: { FIELD_NATION_BASE_URL: CLOSED },
    ...{ names: /FIELD_NATION_BASE_URL/, cause: /nothing listens/, next: /api-sandbox\.fndev\.net/ },
  },
  'a user without rights': {
    arrange: fault('field-nation', 403, 'listWorkOrders'),
    ...{ names: /FIELD_NATION_CLIENT_ID/, cause: /does not let this user/, next: /administrator/ },
  },
  'a type of work that the company lacks': {
    config: 'workOrder: { types_of_work: { static: [{ id: 999, isPrimary: true }] } }\n',
    ...{ names: /workOrder\.types_of_work/, cause: /999 does not exist/, next: /deskbridge fields field-nation.*62/ },
  },
  'a custom field that the company lacks': {
    config: 'workOrder: { custom_fields.Priorty: { static: low } }\n',
    ...{
      names: /workOrder.*custom_fields\.Priorty/,
      cause: /"Priorty" does not exist/,
      next: /Did you mean "Priority"/,
    },
  },
  'a correlation field that the company lacks': {
    config: 'dispatch: { correlationField: 7 }\n',
    ...{ names: /dispatch\.correlationField/, cause: /"7" does not exist/, next: /null: the description alone/ },
  },
  'a correlation field that is no text': {
    config: 'dispatch: { correlationField: Priority }\n',
    ...{ names: /dispatch\.correlationField/, cause: /of type predefined/, next: /text field, or null/ },
  },
  'a value that the custom field does not have': {
    config: 'workOrder: { custom_fields.Priority: { from: ticket.priority, map: { 1: lowest }, default: normal } }\n',
    ...{ names: /custom_fields\.Priority/, cause: /"lowest" is not a value/, next: /low, normal, high, urgent/ },
  },
  'a webhook that is switched off': {
    arrange: () => stack.sandbox.control.setWebhookActive(false),
    ...{ level: 'yellow', names: /webhook/, cause: /not active/, next: /deskbridge setup field-nation/ },
  },
  'another secret than that of the webhook': {
    env: { FIELD_NATION_WEBHOOK_SECRET: '99999999-2222-4333-8444-555555555555' },
    ...{
      level: 'yellow',
      names: /webhook/,
      cause: /refuses a signature by FIELD_NATION_WEBHOOK_SECRET/,
      next: /restart/,
    },
  },
};

test.each(Object.entries(MISTAKES))('doctor names %s, its cause and the next step', async (_, mistake) => {
  const { env = {}, config, arrange, level = 'red', names, cause, next } = mistake;
  arrange?.();
  const given: Record<string, string | null> = { ...settings, ...(typeof env === 'function' ? env() : env) };
  if (config !== undefined) {
    given.DESKBRIDGE_CONFIG = join(folder, 'deskbridge.yaml');
    writeFileSync(given.DESKBRIDGE_CONFIG, config);
  }
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null);

  const run = await runCli(['doctor', '--json'], Object.fromEntries(set));

  const { ok, checks } = run.json<{ ok: boolean; checks: Finding[] }>();
  const lines = checks
    .filter((line) => line.level === level)
    .map(({ what, detail, remedy }) => ({ what, detail, remedy }));
  const matching = lines.filter(
    ({ what, detail, remedy }) => names.test(what) && cause.test(detail) && next.test(remedy ?? ''),
  );
  expect(matching.length === 0 ? lines : []).toEqual([]);
  if (level === 'red') expect([run.code, ok]).toEqual([1, false]);
  for (const secret of [
    'freshdesk-key',
    'client-secret',
    'wrong-',
    stack.secrets.freshdesk,
    stack.secrets.fieldNation,
  ]) {
    expect(run.out).not.toContain(secret);
  }
});

test.each<[string, string[], RegExp]>([
  ['no address for the webhook', ['setup', 'field-nation'], /--url https:\/\/<your host>/],
  ['an address without TLS', ['setup', 'field-nation', '--url', 'http://desk.example.com'], /https:\/\//],
  ['an address that is none', ['setup', 'freshdesk', '--url', 'desk'], /--url is not an http\(s\) address/],
  ['many at once without a choice', ['retry'], /ticket number, or --reason and --since/],
  ['one and many at once', ['retry', '5', '--since', '1h'], /either a ticket number/],
  ['a time that is none', ['retry', '--since', 'yesterday'], /--since: "yesterday" is not a time\. Give 30m/],
  ['a ticket and a file', ['mapping', 'preview', '5', '--file', 'x.json'], /either a ticket number or --file/],
])('%s is a wrong usage, with the right one shown', async (_, args, says) => {
  const { code, err, out } = await runCli(args, settings);
  expect([code, out, err]).toEqual([2, '', expect.stringMatching(says)]);
});

test('a webhook secret that Field Nation does not take is named before anything is registered', async () => {
  const env = { ...settings, FIELD_NATION_WEBHOOK_SECRET: 'long-enough-but-no-uuid' };
  const { code, err } = await runCli(['setup', 'field-nation', '--url', 'https://desk.example.com'], env);
  expect([code, err]).toEqual([2, expect.stringMatching(/^FIELD_NATION_WEBHOOK_SECRET: .*UUID.*uuidgen/)]);
});
