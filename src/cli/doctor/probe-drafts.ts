/**
 * Finding and deleting drafts of probes. Promise: nothing is deleted that does not carry the mark of a probe, nor anything
 * that somebody works on.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { FieldNationClient, WorkOrder } from '../../clients/field-nation';
import { UpstreamError } from '../../clients/upstream-error';
import { correlationIdOfOrder } from '../../domain/order-correlation';
import { isProbeOf, PROBE_REASON, PROBE_TITLE } from '../../domain/probe';
import { statusOfOrder } from '../../domain/status-of-order';
import type { OrderStatus } from '../../domain/status';
import type { FieldNationAccount } from '../../checks/accounts';
import { failed, failedCall, fine, warning, type Finding } from '../../checks/finding';

/** The draft of this probe. */
export interface Found {
  id: string;
  workOrderId: number | null;
  /** A create was begun that may have been carried out. */
  mayExist?: boolean;
}

const PAGE = 25;
const UNASSIGNED: OrderStatus[] = ['draft', 'published', 'routed'];
/** Waits between tries to find or delete, in ms. */
const AGAIN = [0, 2_000, 5_000, 10_000];

const BY_HAND = `Delete the draft "${PROBE_TITLE}" in Field Nation by hand; it is not published.`;

/** Numbers of the youngest orders that carry exactly this id, read from each order where the list shows none. */
export async function findByList({ client }: FieldNationAccount, id: string, signal?: AbortSignal): Promise<number[]> {
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const query = { list: 'workorders_all', createdFrom: yesterday, sort: 'created_date', order: 'desc' } as const;
  const { results } = await client.listWorkOrders({ ...query, page: 1, perPage: PAGE }, signal);
  const carried: number[] = [];
  for (const listed of results) {
    // A list of bare numbers costs a call for each: the youngest few are enough, this one was made a moment ago.
    const isBare = listed.description === null && listed.custom_fields === undefined;
    if (isBare && results.indexOf(listed) >= 5) break;
    const order = isBare ? await client.viewWorkOrder(listed.id, signal) : listed;
    if (correlationIdOfOrder(order) === id) carried.push(order.id);
  }
  return carried;
}

/** Deletes what a probe that was killed has left behind. */
export async function leftovers(account: FieldNationAccount, name: string): Promise<Finding[]> {
  const { client, baseUrl } = account;
  try {
    const query = { list: 'workorders_draft', search: PROBE_TITLE, sort: 'created_date', order: 'desc' } as const;
    const { results } = await client.listWorkOrders({ ...query, page: 1, perPage: PAGE });
    const old = results.filter((order) => isProbeOf(name, correlationIdOfOrder(order)));
    for (const order of old) await deleteOrder(client, order);
    if (old.length === 0) return [];
    return [fine('Probe', 'earlier probes', `${old.length} draft(s) that one has left behind are deleted`)];
  } catch (error) {
    return [failedCall('Probe', error, { baseUrl })];
  }
}

/** Deletes this probe's draft, looked for when its number never came; never throws. */
export async function deleteDrafts(account: FieldNationAccount, found: Found): Promise<Finding[]> {
  if (!found.mayExist) return [];
  const { client, baseUrl } = account;
  let last: unknown = null;
  for (const wait of AGAIN) {
    await delay(wait);
    try {
      const ids = found.workOrderId === null ? await lookFor(account, found.id) : [found.workOrderId];
      const [workOrderId] = ids;
      if (workOrderId === undefined) continue;
      found.workOrderId = workOrderId;
      const order = await client.viewWorkOrder(workOrderId);
      if (correlationIdOfOrder(order) !== found.id && order.title !== PROBE_TITLE) break;
      return [await deleteOrder(client, order)];
    } catch (error) {
      // A look-up or a deletion that was carried out unseen.
      if (error instanceof UpstreamError && error.status === 404 && found.workOrderId !== null) {
        return [fine('Probe', 'delete', `work order ${found.workOrderId} is gone`)];
      }
      last = error;
    }
  }
  if (found.workOrderId === null && last === null) {
    const detail = 'the create got no answer, and no draft is to be found';
    return [warning('Probe', 'delete', detail, `Look again in a few minutes. ${BY_HAND}`)];
  }
  const why =
    last instanceof UpstreamError ? failedCall('Probe', last, { baseUrl }).detail : 'it is not known which it is';
  return [failed('Probe', 'delete', `the draft ${found.workOrderId ?? found.id} is not deleted: ${why}`, BY_HAND)];
}

async function lookFor(account: FieldNationAccount, id: string): Promise<number[]> {
  const query = { list: 'workorders_all', search: id, sort: 'created_date', order: 'desc' } as const;
  const { results } = await account.client.listWorkOrders({ ...query, page: 1, perPage: PAGE });
  const hits = results.filter((order) => correlationIdOfOrder(order) === id).map((order) => order.id);
  return hits.length > 0 ? hits : findByList(account, id);
}

async function deleteOrder(client: FieldNationClient, order: WorkOrder): Promise<Finding> {
  const before = order.status ? statusOfOrder(order.status) : null;
  if (before === 'cancelled') return fine('Probe', 'delete', `work order ${order.id} is gone`);
  // Where Field Nation publishes new orders by itself, nobody must be left to ask for this one.
  if (before !== null && !UNASSIGNED.includes(before)) {
    const detail = `work order ${order.id} is ${before}: somebody has taken it further`;
    return failed('Probe', 'delete', detail, 'Cancel it in Field Nation by hand.');
  }
  await client.deleteWorkOrder(order.id, PROBE_REASON);
  const after = await client.viewWorkOrder(order.id).then(
    ({ status }) => (status ? statusOfOrder(status) : null),
    (error: unknown) => {
      if (error instanceof UpstreamError && (error.status === 404 || error.status === 401)) return 'unknown to it';
      throw error;
    },
  );
  if (after === 'draft') {
    return failed('Probe', 'delete', `work order ${order.id} is still a draft after its deletion`, BY_HAND);
  }
  return fine('Probe', 'delete', `work order ${order.id} is deleted: Field Nation calls it ${after ?? 'by no status'}`);
}
