/** `demo`: a sandbox ticket from trigger to resolved, as a person would do it by hand, each step shown. */
import type { DispatchView } from '../contract/dispatch';
import { recordedSandbox } from '../runtime';
import { readSettings, withContext, type CliContext } from './context';
import { UsageError, WorkFailedError } from './exit';
import { printJson } from './output';

/** Each step must come within this, in ms; a quota of 50 calls a minute makes single steps take seconds. */
const STEP_WITHIN_MS = 60_000;
const POLL_MS = 250;

interface DemoStep {
  step: string;
  detail: string;
  /** Since the demo began. */
  ms: number;
}

type SandboxCall = <T>(method: string, path: string, body?: unknown) => Promise<T>;

interface SandboxTicket {
  id: number;
  status: number;
  subject: string;
}

interface SandboxOrder {
  id: number;
  status: { name: string };
}

interface SandboxNote {
  private: boolean;
  body_text: string;
}

export async function demo(json: boolean): Promise<void> {
  const settings = readSettings();
  if (settings.freshdesk || settings.fieldNation) {
    throw new UsageError('The demo plays in the sandbox: unset the FRESHDESK_… and FIELD_NATION_… accounts for it.');
  }
  await withContext(async (context) => {
    const sandbox = recordedSandbox(settings.dataDir);
    if (!sandbox) throw new WorkFailedError('No sandbox runs: begin with `npm start`.');
    const steps = await play(context, sandboxCalls(sandbox.url), json ? () => undefined : print);
    if (json) printJson({ steps });
  });
}

const print = ({ step, detail, ms }: DemoStep): void =>
  console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${step.padEnd(22)} ${detail}`);

function sandboxCalls(url: string): SandboxCall {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/sandbox/api${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new WorkFailedError(`The sandbox does not answer at ${url}: begin with \`npm start\`.`);
    });
    if (!response.ok) throw new WorkFailedError(`The sandbox refused ${method} ${path}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
}

async function play(
  { dispatches }: CliContext,
  call: SandboxCall,
  show: (step: DemoStep) => void,
): Promise<DemoStep[]> {
  const began = Date.now();
  const steps: DemoStep[] = [];
  const tell = (step: string, detail: string): void => {
    const entry = { step, detail, ms: Date.now() - began };
    steps.push(entry);
    show(entry);
  };
  const ticket = await call<SandboxTicket>('POST', '/tickets', { subject: 'Receipt printer at till 3 is dead' });
  tell('Ticket created', `#${ticket.id} "${ticket.subject}" by the requester`);
  await call('PATCH', `/tickets/${ticket.id}`, { patch: { tags: ['on-site'] }, performer: 'agent' });
  tell('Trigger', 'an agent tags the ticket "on-site"; the automation rule fires its webhook');

  const dispatched = await reach(dispatches, ticket.id, (view) => view.state === 'dispatched');
  tell('Work order published', `#${dispatched.workOrderId} carries ${dispatched.correlationId}`);
  const technician = async (action: string, state: DispatchView['state'], detail: string): Promise<void> => {
    await call('POST', `/work-orders/${dispatched.workOrderId}/actions`, { action });
    await reach(dispatches, ticket.id, (view) => view.state === state);
    tell('Technician', detail);
  };
  await technician('assign', 'assigned', 'takes the work order');
  await technician('check-in', 'on-site', 'checks in at the site');
  await technician('check-out', 'on-site', 'checks out');
  await technician('work-done', 'work-done', 'marks the work done');

  const notesOf = (): Promise<SandboxNote[]> => call<SandboxNote[]>('GET', `/tickets/${ticket.id}/conversations`);
  await until('the ticket to be resolved with a note', async () => {
    const { status } = await call<SandboxTicket>('GET', `/tickets/${ticket.id}`);
    return status === 4 && (await notesOf()).length > 0;
  });
  const notes = (await notesOf()).filter((note) => note.private);
  const orders = await call<SandboxOrder[]>('GET', '/work-orders');
  const ours = orders.filter((order) => order.id >= (dispatched.workOrderId ?? 0));
  tell('Ticket resolved', `private note: ${notes[0]?.body_text.replace(/\s+/g, ' ').trim() ?? ''}`);
  tell('Counted', `${ours.length} work order, ${notes.length} private note`);
  if (ours.length !== 1 || notes.length !== 1) throw new WorkFailedError('The demo did not end as promised.');
  return steps;
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
