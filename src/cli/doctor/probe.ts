/**
 * `doctor --probe`: the dangerous assumptions about Field Nation, put to the test on the real company with one draft.
 * Promise: nothing is ever published; the draft is deleted whatever happens, also after Ctrl-C; where that is not known to
 * have worked, a red line says what to look for. Sources: Field Nation contract 5, 8, 9, 15 and 19.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { customFieldValue, customFieldValues, type WorkOrder } from '../../clients/field-nation';
import { UpstreamError } from '../../clients/upstream-error';
import type { Config } from '../../config/schema';
import { correlationLine, readCorrelationId } from '../../domain/correlation';
import { correlationIdOfOrder } from '../../domain/order-correlation';
import { probeId, PROBE_TITLE } from '../../domain/probe';
import { statusOfOrder } from '../../domain/status-of-order';
import { customFieldId } from '../../domain/mapping/custom-fields';
import type { FieldNationAccount } from '../../checks/accounts';
import { failed, failedCall, fine, warning, type Finding } from '../../checks/finding';
import { deleteDrafts, findByList, leftovers, type Found } from './probe-drafts';
import { forms } from './probe-forms';
import { heardOf, type Heard } from './probe-webhook';

/** Nearly as patient as the dispatch is after an unanswered create; in ms since the create. */
const SEARCHES = [0, 2_000, 7_000, 15_000];
const WEBHOOK_WITHIN_MS = 15_000;
const WEBHOOK_POLL_MS = 500;

export interface ProbeDeps {
  account: FieldNationAccount;
  /** Of Freshdesk. */
  name: string;
  config: Config;
  /** From where files may be fetched besides Field Nation's own hosts. */
  fileHosts: readonly string[];
  /** Null: Temporal is out of reach, so that nobody can tell what webhooks brought. */
  temporal: Client | null;
  /** Aborted by Ctrl-C: the rest is left out, the draft is deleted all the same. */
  signal: AbortSignal;
  /** Plain lines for the person who waits. */
  report: (line: string) => void;
}

export async function probe(deps: ProbeDeps): Promise<Finding[]> {
  const { account, name, signal, report } = deps;
  const findings = await leftovers(account, name);
  if (signal.aborted || findings.some(({ level }) => level === 'red')) return findings;
  const id = probeId(name, Math.floor(Date.now() / 1000));
  report(`Probe: a draft ${id} is made in Field Nation, looked for, and deleted again; this takes up to a minute.`);
  const found: Found = { id, workOrderId: null };
  try {
    findings.push(...(await run(deps, found)));
  } catch (error) {
    if (!signal.aborted) findings.push(failedCall('Probe', error, account));
  } finally {
    findings.push(...(await deleteDrafts(account, found)));
  }
  if (signal.aborted) findings.push(warning('Probe', 'probe', 'was called off', 'Run it again for the rest of it.'));
  return findings;
}

async function run(deps: ProbeDeps, found: Found): Promise<Finding[]> {
  const { account, config, signal, report } = deps;
  const { client } = account;
  const answer = await create(deps, found);
  if ('refused' in answer) return [answer.refused];
  const { made } = answer;
  const findings: Finding[] = [];
  const status = made.status ? statusOfOrder(made.status) : null;
  if (status !== 'draft' && status !== null) {
    const remedy =
      'Switch off what publishes new orders by itself in Field Nation (templates, auto-dispatch), then probe again.';
    return [failed('Probe', 'create', `makes an order that is ${status} at once, not a draft`, remedy)];
  }
  findings.push(fine('Probe', 'create', `work order ${made.id} is a draft`));
  report(`Probe: draft ${made.id} is there.`);
  const draft = await client.viewWorkOrder(made.id, signal);
  findings.push(...carries(draft, found.id, config));
  const [searched, webhook] = await Promise.all([search(deps, found), hear(deps, made.id)]);
  findings.push(searched);
  const listed = await findByList(account, found.id, signal);
  findings.push(
    listed.includes(made.id)
      ? fine('Probe', 'newest orders', 'the list by creation date shows the draft with its id')
      : (searched.level === 'green' ? warning : failed)(
          'Probe',
          'newest orders',
          'the list by creation date does not show the draft, so that a lost answer is looked up by search alone',
          'Set dispatch.correlationField to a text field of the buyer, and tell the maintainers which list shows drafts.',
        ),
  );
  findings.push(...webhook, ...(await forms(account, draft, signal, deps.fileHosts)));
  return findings;
}

/** Which of the two published bodies it was, and how much of the order it showed. */
const formOf = ({ isOlder, thin }: Heard): Finding =>
  fine(
    'Probe',
    'form of webhooks',
    `${isOlder ? 'eventName with data' : 'event with workorder'}, ${thin ? 'the order by its number and little else' : 'the whole order'}`,
  );

/** The draft, or why there is none. An answer that was lost leaves a draft that is looked for at the end. */
async function create(
  { account: { client, baseUrl }, config }: ProbeDeps,
  found: Found,
): Promise<{ made: WorkOrder } | { refused: Finding }> {
  const { correlationField } = config.dispatch;
  const ids =
    typeof correlationField === 'string'
      ? new Map(
          (await client.customFieldDefinitions()).map(({ name, id }): [string, number] => [
            name?.trim().toLowerCase() ?? '',
            id,
          ]),
        )
      : null;
  const field = correlationField === null ? null : customFieldId(correlationField, ids);
  found.mayExist = true;
  try {
    // Without the signal: only an answer tells the number of what is to be deleted.
    const order = await client.createWorkOrder({
      title: PROBE_TITLE,
      description: { html: `<p>Made by a check of the connection; it can be deleted.</p>${correlationLine(found.id)}` },
      ...(typeof field === 'number' ? { custom_fields: customFieldValues([{ id: field, value: found.id }]) } : {}),
    });
    found.workOrderId = order.id;
    return { made: order };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const surelyNot = error.phase === 'not-sent' || (error.phase === 'answered' && (error.status ?? 500) < 500);
    if (surelyNot) found.mayExist = false;
    if (error.status !== 400 && error.status !== 422) return { refused: failedCall('Probe', error, { baseUrl }) };
    const remedy =
      'Correct what the message names: dispatch.correlationField, or the right of this user to create work orders.';
    return { refused: failed('Probe', 'create', error.message, remedy) };
  }
}

function carries(order: WorkOrder, id: string, { dispatch: { correlationField } }: Config): Finding[] {
  const findings: Finding[] = [];
  const inText = readCorrelationId(order.description?.html ?? '') === id;
  const inField = correlationField !== null && customFieldValue(order, correlationField)?.trim() === id;
  if (inText) findings.push(fine('Probe', 'description', 'comes back with the id as its last line'));
  else {
    const detail = 'comes back changed: the id is not its last line any more';
    const remedy = 'Set dispatch.correlationField: the custom field has to carry the id.';
    findings.push((inField ? warning : failed)('Probe', 'description', detail, remedy));
  }
  if (inField) findings.push(fine('Probe', 'dispatch.correlationField', `${correlationField} comes back with the id`));
  else if (correlationField !== null) {
    const detail = `${correlationField} does not come back with the id`;
    const remedy = 'Name a text custom field of the buyer (deskbridge fields field-nation), or null.';
    findings.push(warning('Probe', 'dispatch.correlationField', detail, remedy));
  }
  return findings;
}

async function search({ account: { client }, signal }: ProbeDeps, { id, workOrderId }: Found): Promise<Finding> {
  const began = Date.now();
  for (const after of SEARCHES) {
    await delay(Math.max(0, began + after - Date.now()), undefined, { signal });
    const { results } = await client.listWorkOrders(
      { list: 'workorders_all', search: id, sort: 'created_date', order: 'desc', page: 1, perPage: 25 },
      signal,
    );
    const hit = results.find((order) => order.id === workOrderId);
    if (!hit) continue;
    const seconds = Math.round((Date.now() - began) / 1000);
    const bare =
      correlationIdOfOrder(hit) === null
        ? '; the list shows it without its id, so that each look-up costs one more call'
        : '';
    return fine(
      'Probe',
      'search',
      `finds the draft by its id ${seconds === 0 ? 'at once' : `after ${seconds} s`}${bare}`,
    );
  }
  return warning(
    'Probe',
    'search',
    `did not find the draft by its id within ${(SEARCHES.at(-1) ?? 0) / 1000} s: a lost answer is looked up by the newest orders`,
    'Keep dispatch.createPatience at 90s or above, and see that the line "newest orders" is green.',
  );
}

async function hear({ temporal, name, account, signal }: ProbeDeps, workOrderId: number): Promise<Finding[]> {
  if (!temporal) {
    const remedy = 'Start the service, then probe again.';
    return [warning('Probe', 'webhook', 'cannot be checked while Temporal is out of reach', remedy)];
  }
  const deadline = Date.now() + WEBHOOK_WITHIN_MS;
  for (;;) {
    const heard = await heardOf(temporal, name, workOrderId);
    if (heard?.carriesId) {
      return [fine('Probe', 'webhook', `${heard.event} came, and its body carries the id`), formOf(heard)];
    }
    if (heard) {
      const detail = `${heard.event} came without the id in its body: each event costs one more call`;
      const remedy = 'Use the default payload of webhooks v3, without a payload script.';
      return [warning('Probe', 'webhook', detail, remedy), formOf(heard)];
    }
    if (Date.now() > deadline) break;
    await delay(WEBHOOK_POLL_MS, undefined, { signal });
  }
  const sent = await account.client.deliveryLogs({ workOrderId, perPage: 50 }, signal).catch(() => null);
  const told = sent?.map(({ eventName, deliveryStatus }) => `${eventName ?? '?'}: ${deliveryStatus ?? '?'}`) ?? [];
  const silent = warning(
    'Probe',
    'webhook',
    `none of the draft came within ${WEBHOOK_WITHIN_MS / 1000} s; ${told.length > 0 ? `Field Nation says ${told.join(', ')}` : 'Field Nation has sent none'}`,
    told.length > 0
      ? 'See the line "webhook" of Field Nation for the address and the secret.'
      : 'Run deskbridge setup field-nation; Field Nation may send none for changes through the API, which does no harm.',
  );
  return [silent];
}
