/** What an operator reads in the Temporal UI: every kind of run says in words what it is, what it waits for, what to do. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { WORKFLOW_TYPES } from '../../src/contract/names';
import { ACTIVITY_WORDS } from '../../workflows/activity-words';
import { parseConfig } from '../../src/config/load';
import { createContactReplays } from '../../src/temporal/contact-replays';
import { ensureAlerts } from '../../src/temporal/alerts';
import { createDispatchBatches } from '../../src/temporal/dispatch-batches';
import { createResync } from '../../src/temporal/resync';
import { createOnceRecords } from '../../src/temporal/once-records';
import { contactsOf } from '../helpers/contacts';
import { sweepsOf } from '../helpers/sweeps';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

type Type = keyof typeof WORKFLOW_TYPES;
interface Message {
  name: string;
  description?: string;
}
interface Metadata {
  currentDetails?: string;
  definition?: { signalDefinitions?: Message[]; queryDefinitions?: Message[] };
}

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());

const ofRun = async (workflowId: string) => {
  const handle = stack.client.workflow.getHandle(workflowId);
  const described = await handle.describe();
  const { events } = await handle.fetchHistory();
  const words = (payload: { data?: Uint8Array | null } | null | undefined): string =>
    payload?.data ? String(JSON.parse(Buffer.from(payload.data).toString('utf8'))) : '';
  return {
    type: described.type,
    summary: await described.staticSummary(),
    metadata: await handle.query<Metadata>('__temporal_workflow_metadata'),
    activities: (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) =>
      scheduled ? [{ name: scheduled.activityType?.name ?? '', words: words(userMetadata?.summary) }] : [],
    ),
    timers: (events ?? []).flatMap(({ timerStartedEventAttributes: timer, userMetadata }) =>
      timer ? [words(userMetadata?.summary)] : [],
    ),
  };
};
const newestOf = async (type: Type): Promise<string> => {
  let found = '';
  await until(`a run of ${type}`, async () => {
    const ids = await desk.runsOf(WORKFLOW_TYPES[type]);
    found = ids[0] ?? '';
    return found !== '';
  });
  return found;
};

/** Makes one run of each kind that has done its work; details that the Temporal UI shows then. */
const KINDS: Record<Type, { begin: () => Promise<void>; details: RegExp }> = {
  ticketDispatch: {
    begin: async () => {
      const id = desk.newTicket();
      desk.trigger(id);
      await desk.dispatched(id);
    },
    details:
      /^\*\*dispatched\*\* – waiting for a technician in Field Nation\n\n\* Ticket \[\d+\]\(http.*\), visit 1.*\n\* Work order \[\d+\]\(http.*\): published\n\n### Last events\n/,
  },
  contactSync: {
    begin: async () => {
      await contactsOf(stack).identify({ email: 'ann@example.com', marketing_consent: true }, { userId: 'u1' });
      await contactsOf(stack).ended('u1', 1);
    },
    details: /^\*\*created\*\* – product events of one contact\n\n\* Contact \[\d+\]\(http/,
  },
  contactBatch: {
    begin: async () => {
      const batch = Array.from({ length: 40 }, (_, i) => ({
        ...{ type: 'identify', userId: `b${i}`, traits: { email: `b${i}@example.com`, marketing_consent: true } },
      }));
      await contactsOf(stack).send('batch', { batch });
    },
    details: /^Events of \*\*\d+( of 40)?\*\* contacts/,
  },
  contactImport: {
    begin: async () => {
      const verdict = stack.judge({
        ...{ type: 'identify', userId: 'i1', traits: { email: 'i1@example.com', marketing_consent: 'true' } },
      });
      if (!('accepted' in verdict)) throw new Error(JSON.stringify(verdict));
      await stack.imports.start('file', 1, [{ line: 2, event: verdict.accepted }]);
      await until('the import', async () => (await stack.imports.progress('file', 1))?.done === true);
    },
    details: /^\*\*1 of 1\*\* rows of an import of contacts are done/,
  },
  contactReplay: {
    begin: async () => {
      const config = { current: () => parseConfig('', 'test.yaml') };
      const replays = createContactReplays({ client: stack.client, account: stack.account, config });
      await replays.start({ outcomes: ['rejected'], since: null, until: new Date().toISOString() });
    },
    details: /^\*\*0\*\* events of \*\*0\*\* contacts are sent again/,
  },
  workOrderEvent: {
    begin: async () => {
      const event = { event: { name: 'workorder.status.assigned' }, workorder: { id: 777 } };
      await stack.client.workflow.start('workOrderEvent', {
        ...{ workflowId: `work-order-event-${stack.account}-words`, taskQueue: `deskbridge-${stack.account}` },
        ...{ args: [{ account: stack.account, event, waits: [10] }], staticSummary: 'as the starter says' },
      });
    },
    details: /work order 777/,
  },
  siteProgress: {
    begin: async () => {
      const parentId = desk.newTicket();
      const news = { ticketId: desk.newTicket({ parent_id: parentId }), visit: 1, at: new Date().toISOString() };
      await stack.sites.tell({ parentId, news: { ...news, standing: 'done', workOrderId: 77 } });
    },
    details: /^\*\*1 of 1 done\*\*\n\n\* (The summary follows|Summary written at)/,
  },
  dispatching: {
    begin: async () => void (await stack.dispatching.pause({ reason: 'storm' })),
    details: /^\*\*Dispatching of .+ is paused\*\* since .+: storm \(a person, no name given\)/,
  },
  dispatchBatch: {
    begin: async () => {
      const batches = createDispatchBatches({ ...stack, deadlineMs: DEADLINE_MS });
      const name = await batches.start({ tickets: [desk.newTicket()] }, false);
      await until('the list', async () => (await batches.view(name)).stage === 'listed');
      await batches.run(name);
    },
    details: /^\*\*(running|done)\*\* – batch-\w+ (dispatches its tickets|is done)\n\n\* 1 /,
  },
  mappingPreview: {
    begin: async () => void (await stack.previews.ofTicket(desk.newTicket())),
    details: /^\*\*done\*\* – the mapping of ticket \d+ was shown/,
  },
  reconcile: {
    begin: async () => {
      const sweeps = await sweepsOf(stack);
      await sweeps.sweep();
      await sweeps.stop();
    },
    details: /^\*\*.*\*\*[\s\S]*\* Calls: \d+ to Freshdesk/,
  },
  resync: {
    begin: async () => {
      const callsPerMinute = { freshdesk: 100_000, fieldNation: 100_000 };
      const deps = { client: stack.client, account: stack.account, callsPerMinute, deadlineMs: DEADLINE_MS };
      await createResync(deps).ofTicket(1, [1]);
    },
    details: /^0 tickets and 0 work orders looked at, 0 dispatches informed/,
  },
  onceRecord: {
    begin: async () =>
      void (await createOnceRecords({ client: stack.client, account: stack.account }).record('sign-in', '1')),
    details: /^\*\*recorded\*\* – a sign-in link/,
  },
  alerts: {
    begin: () => ensureAlerts({ client: stack.client, account: stack.account, deadlineMs: DEADLINE_MS }),
    details: /^\*\*Nothing is wrong\*\*[\s\S]*Last webhook of Freshdesk/,
  },
};

test.each(Object.keys(KINDS) as Type[])('a run of %s reads in plain words', async (type) => {
  const { begin, details } = KINDS[type];
  await begin();
  const id = await newestOf(type);
  let run = await ofRun(id);
  await until(
    'its details',
    async () => details.test((run = await ofRun(id)).metadata.currentDetails ?? ''),
    () => run.metadata.currentDetails ?? '',
  );
  expect(run.type).toBe(type);
  expect(run.summary).toMatch(/^\S.{5,}/);
  const { signalDefinitions = [], queryDefinitions = [] } = run.metadata.definition ?? {};
  for (const { name, description } of [...signalDefinitions, ...queryDefinitions]) {
    expect({ name, description }).toEqual({ name, description: expect.stringMatching(/\w+ \w+/) });
  }
  for (const { name, words } of run.activities) expect(words).toBe(ACTIVITY_WORDS[name as keyof typeof ACTIVITY_WORDS]);
  for (const words of run.timers) expect(words).toMatch(/\w+ \w+/);
});

test('an event whose order cannot be read for a wrong key is found among what waits, and goes on after retry', async () => {
  const fault = stack.sandbox.control.addFault({ system: 'field-nation', method: 'GET', kind: 'status', status: 401 });
  const workflowId = `work-order-event-${stack.account}-refused`;
  const event = { event: { name: 'workorder.status.assigned' }, workorder: { id: 778 } };
  const handle = await stack.client.workflow.start('workOrderEvent', {
    ...{ workflowId, taskQueue: `deskbridge-${stack.account}`, args: [{ account: stack.account, event, waits: [10] }] },
  });
  const query = `WorkflowId = '${workflowId}' AND DeskbridgeAttention = 'unauthorized' AND DeskbridgeState = 'attention'`;
  await until('attention', async () => (await stack.client.workflow.count(query)).count === 1);
  expect((await ofRun(workflowId)).metadata.currentDetails).toMatch(/Needs a person: unauthorized[\s\S]*What to do:/);
  stack.sandbox.control.clearFaults(fault);
  await handle.signal('retry');
  expect(await handle.result()).toMatchObject({ outcome: 'unmatched' });
  await until('its end', async () => (await stack.client.workflow.count(query)).count === 0);
});

test('the saved views of the documentation are queries that the server takes', async () => {
  const text = readFileSync(resolve(__dirname, '../../docs/operations.md'), 'utf8');
  const views = [...text.matchAll(/^\| [^|]+ \| `([^`]*(?:Deskbridge|Workflow)[^`]*)` *\|$/gm)].map(
    ([, query = '']) => query,
  );
  expect(views.length).toBeGreaterThan(5);
  for (const query of views) await stack.client.workflow.count(query);
});
