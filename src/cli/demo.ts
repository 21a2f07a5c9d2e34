/** `demo`: a sandbox ticket from trigger to resolved, as a person would do it by hand, each step shown. */
import type { DispatchView } from '../contract/dispatch';
import { BOTH_ACCOUNTS } from '../config/settings-needs';
import { recordedSandbox, type SandboxAddress } from '../runtime';
import { recordedWeb } from '../config/neighbours';
import { readSettings, withContext, type CliContext } from './context';
import { signUp, type DemoContact } from './demo-contact';
import { UsageError, WorkFailedError } from '../command-errors';
import { plain, printJson } from './output';

/** Each step must come within this, in ms; a quota of 50 calls a minute makes single steps take seconds. */
const STEP_WITHIN_MS = 60_000;
const POLL_MS = 250;
/** Freshdesk's number of the status. */
const RESOLVED = 4;

interface DemoStep {
  /** Who acts. */
  step: 'Help desk' | 'Deskbridge' | 'Technician' | 'Your site';
  detail: string;
  /** Since the demo began. */
  ms: number;
}

interface DemoResult {
  ticketId: number;
  workOrderId: number | null;
  correlationId: string;
  steps: DemoStep[];
  /** Text of the private note that the ticket got. */
  note: string;
  links: DispatchView['links'];
  contact: DemoContact;
}

type SandboxCall = <T>(method: string, path: string, body?: unknown) => Promise<T>;

interface SandboxTicket {
  id: number;
  status: number;
  subject: string;
}

interface SandboxNote {
  private: boolean;
  body_text: string;
}

export async function demo(json: boolean): Promise<void> {
  const settings = readSettings(BOTH_ACCOUNTS);
  if (settings.freshdesk || settings.fieldNation) {
    throw new UsageError('The demo plays in the sandbox: unset the FRESHDESK_… and FIELD_NATION_… accounts for it.');
  }
  await withContext(async (context) => {
    const sandbox = recordedSandbox(settings.dataDir);
    if (!sandbox) throw new WorkFailedError('No sandbox runs: begin with `npm start`.');
    const webUrl = await readyWeb(recordedWeb(settings.dataDir));
    if (!json) console.log('One ticket, from the help desk to the field and back, and one contact:\n');
    const result = await play(context, sandboxCalls(sandbox), webUrl, json ? () => undefined : printStep);
    if (json) printJson(result);
    else printEnd(result);
  });
}

/** A webhook that finds nobody is sent again after minutes only, so the demo begins when the service takes it. */
async function readyWeb(url: string | null): Promise<string> {
  if (url === null) throw new WorkFailedError('No web server is known: begin with `npm start`.');
  await until(`Deskbridge to be ready at ${url}`, async () => {
    const answer = await fetch(`${url}/readyz`).catch(() => {
      throw new WorkFailedError(`Deskbridge does not answer at ${url}: begin with \`npm start\`.`);
    });
    return answer.ok;
  });
  return url;
}

const INDENT = ' '.repeat(22);

function printStep({ step, detail, ms }: DemoStep): void {
  const [first = '', ...rest] = detail.split('\n').filter((line) => line.trim() !== '');
  console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${step.padEnd(10)}  ${plain(first)}`);
  for (const line of rest) console.log(`${INDENT}${plain(line.trim())}`);
}

function printEnd({ links, contact }: DemoResult): void {
  console.log('\nDone: one work order, one private note, one contact. Look at them:');
  const places: [string, string | null][] = [
    ['Ticket', links.ticket],
    ['Work order', links.workOrder],
    ['Workflow', links.workflow],
    ['Contact', contact.links.contact],
    ['Its run', contact.links.workflow],
  ];
  for (const [name, url] of places) if (url !== null) console.log(`  ${name.padEnd(10)}  ${url}`);
}

function sandboxCalls({ url, controlKey }: SandboxAddress): SandboxCall {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/sandbox/api${path}`, {
      method,
      headers: { authorization: `Bearer ${controlKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new WorkFailedError(`The sandbox does not answer at ${url}: begin with \`npm start\`.`);
    });
    if (!response.ok) throw new WorkFailedError(`The sandbox refused ${method} ${path}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
}

async function play(
  context: CliContext,
  call: SandboxCall,
  webUrl: string,
  show: (step: DemoStep) => void,
): Promise<DemoResult> {
  const { dispatches } = context;
  const began = Date.now();
  const steps: DemoStep[] = [];
  const tell = (step: DemoStep['step'], detail: string): void => {
    const entry = { step, detail, ms: Date.now() - began };
    steps.push(entry);
    show(entry);
  };
  const { id, subject } = await call<SandboxTicket>('POST', '/tickets', { subject: 'Receipt printer is dead' });
  tell('Help desk', `ticket ${id} comes in: "${subject}"`);
  await call('PATCH', `/tickets/${id}`, { patch: { tags: ['on-site'] }, performer: 'agent' });
  tell('Help desk', 'an agent tags it "on-site"; the automation rule calls Deskbridge');

  const { workOrderId, correlationId } = await reach(dispatches, id, (view) => view.state === 'dispatched');
  tell('Deskbridge', `publishes work order ${workOrderId}, marked ${correlationId}`);
  const technician = async (action: string, state: DispatchView['state'], detail: string): Promise<void> => {
    await call('POST', `/work-orders/${workOrderId}/actions`, { action });
    await reach(dispatches, id, (view) => view.state === state);
    tell('Technician', detail);
  };
  await technician('assign', 'assigned', 'takes the work order');
  await technician('check-in', 'on-site', 'checks in at the site');
  await technician('check-out', 'on-site', 'checks out');
  await technician('work-done', 'work-done', 'marks the work done');

  const privateNotes = async (): Promise<SandboxNote[]> =>
    (await call<SandboxNote[]>('GET', `/tickets/${id}/conversations`)).filter((note) => note.private);
  await until('the ticket to be resolved with a note', async () => {
    const { status } = await call<SandboxTicket>('GET', `/tickets/${id}`);
    return status === RESOLVED && (await privateNotes()).length > 0;
  });
  const notes = await privateNotes();
  const orders = await call<object[]>('GET', '/work-orders');
  const ours = orders.filter((order) => JSON.stringify(order).includes(correlationId));
  if (ours.length !== 1 || notes.length !== 1) {
    throw new WorkFailedError(
      `There are ${ours.length} work orders and ${notes.length} private notes; one of each was due.`,
    );
  }
  const note = notes[0]?.body_text ?? '';
  tell('Deskbridge', `resolves ticket ${id}, with one private note:\n${note}`);
  const { links } = await reach(dispatches, id, () => true);

  tell('Your site', 'somebody signs up and agrees to marketing');
  const contact = await signUp(context, webUrl, until);
  tell('Deskbridge', `makes contact ${contact.contactId} of it`);
  return { ticketId: id, workOrderId, correlationId, steps, note, links, contact };
}

async function reach(
  dispatches: CliContext['dispatches'],
  ticketId: number,
  holds: (view: DispatchView) => boolean,
): Promise<DispatchView> {
  let last: DispatchView | null = null;
  await until(`ticket ${ticketId} to go on`, async () => {
    last = await dispatches.view(ticketId);
    if (last?.attention) {
      throw new WorkFailedError(
        `Ticket ${ticketId} needs a person: ${last.attention.detail}. ${last.attention.remedy}`,
      );
    }
    return last !== null && holds(last);
  });
  return last as unknown as DispatchView;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + STEP_WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new WorkFailedError(`Waited ${STEP_WITHIN_MS / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
