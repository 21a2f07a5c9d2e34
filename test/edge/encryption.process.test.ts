/** What Temporal keeps when `DESKBRIDGE_ENCRYPTION_KEYS` is set, read as somebody would who stole the disk. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { createCodec, createDataConverter } from '../../src/temporal/encryption';
import { allEnd, buildOnce } from '../helpers/process';
import {
  bytesBelow,
  foundIn,
  identified,
  openCanaryDesk,
  PERSONAL,
  PERSONAL_WORDS,
  SECRET_WORDS,
  SECRETS,
  type CanaryDesk,
} from '../helpers/canary-desk';
import { until } from '../helpers/until';

let world: CanaryDesk;
beforeAll(buildOnce);
beforeEach(async () => (world = await openCanaryDesk()));
afterEach(() => world.cleanUp());

const FIRST = `k1:${SECRETS.encryptionKey}`;
const keyOf = (id: string, encoded: string) => ({ id, secret: createSecretKey(Buffer.from(encoded, 'base64')) });

/** Every payload of a history, decoded where it can be, as text. */
async function decodedHistory(client: Client, workflowId: string, keys: ReturnType<typeof keyOf>[]): Promise<string> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const payloads: Payload[] = [];
  const collect = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
    const { metadata, data } = value as Payload;
    if (metadata && data instanceof Uint8Array) payloads.push(value);
    else for (const entry of Object.values(value)) collect(entry);
  };
  collect(history.events);
  const plain = await createCodec(keys).decode(payloads);
  return plain.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
}

it('shows nobody a name, an address, a subject or a secret in any file of the data dir', async () => {
  const { desk, sandbox } = world;
  const { run, url } = await world.start({
    DESKBRIDGE_ENCRYPTION_KEYS: FIRST,
    // All that the service and the SDK write is encrypted, or this would stop it.
    DESKBRIDGE_ENCRYPTION_PLAIN: 'refuse',
  });
  const { control } = sandbox;

  // A dispatch to its end, with words of people in both directions, a refusal that repeats a value, and a contact.
  control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400, times: 1 });
  const ticket = world.ticket();
  await desk.view(url, ticket, 'the refusal', (v) => v.attention?.reason === 'rejected');
  await until('the retry to be taken', async () => {
    return (
      (await fetch(`${url}/api/dispatches/${ticket}/retry`, { method: 'POST', headers: desk.operator() })).status ===
      202
    );
  });
  const { workOrderId } = await desk.view(url, ticket, 'a work order', (v) => v.state === 'dispatched');
  const order = workOrderId ?? 0;
  control.act(order, 'assign');
  // Not in the very second of a write of ours: such a note is read minutes later.
  control.advanceClock(1000);
  control.addNote(ticket, PERSONAL.note);
  await until('the note in Field Nation', () => JSON.stringify(control.messages(order)).includes('Canarynote'));
  for (const action of ['check-in', 'check-out', 'work-done'] as const) control.act(order, action);
  await desk.view(url, ticket, 'the work done', (v) => v.state === 'work-done');
  await world.event(url, 'identify', identified());
  await until('the contact', () => JSON.stringify(control.contacts()).includes(PERSONAL.userId));
  control.addFault({ system: 'freshdesk', path: 'updateContact|/contacts', kind: 'status', status: 400, times: 1 });
  await world.event(url, 'identify', identified({ title: 'Canaryjobtitle 2' }));
  await until('the refused update', () => control.faults().every(({ hits }) => hits === 1));
  const second = world.ticket();
  await desk.view(url, second, 'a work order', (v) => v.state === 'dispatched');
  const cancelled = await desk.deskbridge(['cancel', String(second), '--reason', PERSONAL.reason], {
    ...world.env,
    DESKBRIDGE_ENCRYPTION_KEYS: FIRST,
  }).ended;
  expect(cancelled).toBe(0);
  await desk.view(url, second, 'the end', (v) => v.state === 'cancelled');

  // They are in there, behind the key, and the reading below would find them.
  const connection = await Connection.connect({ address: desk.engine().address });
  const client = new Client({ connection });
  const id = `dispatch-acme-${ticket}`;
  const behind = await decodedHistory(client, id, [keyOf('k1', SECRETS.encryptionKey)]);
  expect(foundIn(behind, PERSONAL_WORDS)).toEqual(
    expect.arrayContaining(['canarysubject', 'canarymail', '7700900147']),
  );
  await connection.close();
  const running = bytesBelow(desk.dataDir);
  expect(running).toContain(id);
  expect(foundIn(running, [...PERSONAL_WORDS, ...SECRET_WORDS])).toEqual([]);

  const { pid } = desk.engine();
  run.kill('SIGTERM');
  await Promise.all([run.ended, allEnd(run.pid, pid)]);
  expect(foundIn(bytesBelow(desk.dataDir), [...PERSONAL_WORDS, ...SECRET_WORDS])).toEqual([]);
});

it('goes on with a new key in front of the former one, and says which key is missing when it is not there', async () => {
  const { desk } = world;
  const [next, other] = [1, 2].map(() => randomBytes(32).toString('base64')) as [string, string];
  const first = await world.start({ DESKBRIDGE_ENCRYPTION_KEYS: FIRST });
  const ticket = world.ticket();
  await desk.view(first.url, ticket, 'a work order', (v) => v.state === 'dispatched');
  const stop = async ({ run }: typeof first): Promise<void> => {
    const { pid } = desk.engine();
    run.kill('SIGTERM');
    await Promise.all([run.ended, allEnd(run.pid, pid)]);
  };
  await stop(first);

  const without = await world.start({ DESKBRIDGE_ENCRYPTION_KEYS: `k2:${next}` });
  await until('the answer that it cannot be read', async () => {
    const refused = await fetch(`${without.url}/api/dispatches/${ticket}`, { headers: desk.operator() });
    // Another cause of a 503 is a server that is not there yet.
    expect(refused.status).toBe(503);
    const { code, retryable } = (await refused.json()) as { code: string; retryable: boolean };
    return code === 'unreadable' && retryable;
  });
  const shown = desk.deskbridge(['show', String(ticket)], { ...world.env, DESKBRIDGE_ENCRYPTION_KEYS: `k2:${next}` });
  expect(await shown.ended).toBe(1);
  expect(shown.err()).toMatch(/encrypted with the key "k1".*DESKBRIDGE_ENCRYPTION_KEYS.*Put that key back/);
  await world.event(without.url, 'identify', identified());
  await stop(without);

  const keys = `k2:${next},k1:${SECRETS.encryptionKey},k0:${other}`;
  const both = await world.start({ DESKBRIDGE_ENCRYPTION_KEYS: keys });
  const { workOrderId } = await desk.view(both.url, ticket, 'the dispatch', (v) => v.state === 'dispatched');
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) {
    world.sandbox.control.act(workOrderId ?? 0, action);
  }
  await desk.view(both.url, ticket, 'the work done', (v) => v.state === 'work-done');
  const listed = desk.deskbridge(['list', '--json'], { ...world.env, DESKBRIDGE_ENCRYPTION_KEYS: keys });
  expect(await listed.ended).toBe(0);
  expect(JSON.parse(listed.out())).toMatchObject({ items: [{ ticketId: ticket, state: 'work-done' }] });

  const connection = await Connection.connect({ address: desk.engine().address });
  const dataConverter = createDataConverter([keyOf('k2', next), keyOf('k1', SECRETS.encryptionKey)]);
  const client = new Client({ connection, dataConverter });
  const raw = await client.workflow.getHandle(`dispatch-acme-${ticket}`).fetchHistory();
  // A message of Temporal's as JSON has its bytes as base64.
  const used = new Set(JSON.stringify(raw).match(/(?<="encryption-key-id":")[^"]*/g));
  expect([...used].map((id) => Buffer.from(id, 'base64').toString()).sort()).toEqual(['k1', 'k2']);
  await connection.close();
});
