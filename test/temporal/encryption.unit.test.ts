import { createSecretKey, randomBytes } from 'node:crypto';
import {
  ApplicationFailure,
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import { encodeErrorToFailure, loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { decodeFailure } from '../../src/temporal/decode';
import { createCodec, createDataConverter, PayloadUnreadableError } from '../../src/temporal/encryption';

const key = (id: string, bytes = randomBytes(32)) => ({ id, secret: createSecretKey(bytes) });
const OLD = key('k2025');
const NEW = key('k2026');
const plain = defaultPayloadConverter.toPayload({ email: 'ann@example.com' });
const only = ([payload]: Payload[]): Payload => payload as Payload;
const encoded = async (keys = [NEW]): Promise<Payload> => only(await createCodec(keys).encode([plain]));
const decoded = async (payload: Payload, keys = [NEW]): Promise<unknown> =>
  defaultPayloadConverter.fromPayload(only(await createCodec(keys).decode([payload])));
const bytesOf = (payload: Payload): string =>
  Buffer.concat([payload.data ?? new Uint8Array(), ...Object.values(payload.metadata ?? {})]).toString('latin1');

describe('an encrypted payload', () => {
  it('is read with its key and shows nothing but the name of the key', async () => {
    const payload = await encoded();
    expect(bytesOf(payload)).not.toContain('ann');
    expect(bytesOf(payload)).not.toContain('json');
    expect(Buffer.from(payload.metadata?.['encryption-key-id'] ?? []).toString()).toBe('k2026');
    expect(await decoded(payload)).toEqual({ email: 'ann@example.com' });
  });

  it('is another one each time', async () => {
    expect(bytesOf(await encoded())).not.toBe(bytesOf(await encoded()));
  });

  it('is read with a former key while new ones are written with the first', async () => {
    const before = await encoded([OLD]);
    expect(await decoded(before, [NEW, OLD])).toEqual({ email: 'ann@example.com' });
    expect(bytesOf(await encoded([NEW, OLD]))).toContain('k2026');
  });

  it.each([
    ['a key that nobody has any more', async () => decoded(await encoded([OLD])), /"k2025".*not among.*Put that key/],
    ['no keys at all', async () => decoded(await encoded(), []), /"k2026".*not among/],
    ['another key of that id', async () => decoded(await encoded(), [key('k2026')]), /"k2026".*former key/],
  ])('with %s is refused, with the key and the remedy', async (_, read, message) => {
    await expect(read()).rejects.toThrow(PayloadUnreadableError);
    await expect(read()).rejects.toThrow(message);
  });

  it.each(Array.from({ length: 24 }, (_, at) => [at * 2]))(
    'is refused when the bit %i bytes from its end is turned',
    async (at) => {
      const payload = await encoded();
      const data = Buffer.from(payload.data ?? []);
      const byte = data.length - 1 - at;
      data[byte] = (data[byte] ?? 0) ^ 1;
      await expect(decoded({ ...payload, data })).rejects.toThrow(/"k2026".*was altered/);
    },
  );

  it.each([0, 1, 12, 27])('is refused when only %i bytes of it are left', async (length) => {
    const payload = await encoded();
    await expect(decoded({ ...payload, data: payload.data?.subarray(0, length) ?? null })).rejects.toThrow(/"k2026"/);
  });

  it('is refused under the name of another key, even when that key is the same', async () => {
    const bytes = randomBytes(32);
    const [a, b] = [key('a', bytes), key('b', bytes)];
    const payload = await encoded([a]);
    const renamed = { ...payload, metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('b') } };
    await expect(decoded(renamed, [a, b])).rejects.toThrow(/"b"/);
  });

  it('names no bytes of its own as key', async () => {
    const payload = await encoded();
    const metadata = { ...payload.metadata, 'encryption-key-id': Buffer.from(`\u001b[31m${'x'.repeat(5000)}`) };
    const error = await decoded({ ...payload, metadata }).catch((thrown: Error) => thrown.message);
    expect(error).not.toContain('\u001b');
    expect(String(error).length).toBeLessThan(500);
  });
});

it('lets pass what nobody encrypted', async () => {
  expect(await decoded(plain)).toEqual({ email: 'ann@example.com' });
  expect(await decoded(plain, [])).toEqual({ email: 'ann@example.com' });
  expect(only(await createCodec([]).encode([plain]))).toBe(plain);
});

it('encrypts the words, stack and details of failures, and of their causes', async () => {
  const converter = loadDataConverter(createDataConverter([NEW]));
  const error = ApplicationFailure.create({
    ...{ type: 'InvalidRequest', message: 'ann@example.com is taken', details: [{ phone: '07700900123' }] },
    cause: new Error('Ann Lee'),
  });
  const failure = await encodeErrorToFailure(converter, error);
  const text = JSON.stringify(failure, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(text).not.toMatch(/ann@|07700|Ann Lee|encryption\.test/);
  expect(failure.applicationFailureInfo?.type).toBe('InvalidRequest');
  const back = (await decodeFailure(converter, failure)) as ApplicationFailure;
  expect([back.message, back.details, back.cause?.message]).toEqual([
    ...['ann@example.com is taken', [{ phone: '07700900123' }], 'Ann Lee'],
  ]);
});

describe('a payload of a run', () => {
  const of = (workflowId: string, type: 'workflow' | 'activity' = 'workflow') =>
    ({
      type,
      namespace: 'default',
      workflowId,
      ...(type === 'activity' && { isLocal: false }),
    }) as SerializationContext;
  const codec = createCodec([NEW]);
  const written = async (context?: SerializationContext): Promise<Payload> =>
    only(await codec.encode([plain], context));
  const read = async (payload: Payload, context?: SerializationContext): Promise<unknown> =>
    defaultPayloadConverter.fromPayload(only(await codec.decode([payload], context)));
  const VALUE = { email: 'ann@example.com' };

  it('is read in its run, and by the remote codec, which knows of no run', async () => {
    const payload = await written(of('dispatch-acme-1'));
    expect(await read(payload, of('dispatch-acme-1'))).toEqual(VALUE);
    expect(await read(payload)).toEqual(VALUE);
  });

  it.each([
    ['another run', of('dispatch-acme-2')],
    ['an activity of its run', of('dispatch-acme-1', 'activity')],
    ['a run whose id begins alike', of('dispatch-acme-1-2026')],
  ])('is refused in %s', async (_where, context) => {
    await expect(read(await written(of('dispatch-acme-1')), context)).rejects.toThrow(/somebody has moved it/);
  });

  it('is refused when its label is changed or taken off', async () => {
    const payload = await written(of('dispatch-acme-1'));
    const { 'encryption-bound-to': label, ...rest } = payload.metadata ?? {};
    expect(Buffer.from(label ?? []).toString()).toBe('workflow dispatch-acme-1');
    const moved = { ...rest, 'encryption-bound-to': Buffer.from('workflow dispatch-acme-2') };
    await expect(read({ ...payload, metadata: moved }, of('dispatch-acme-2'))).rejects.toThrow(/was altered/);
    await expect(read({ ...payload, metadata: rest }, of('dispatch-acme-2'))).rejects.toThrow(/was altered/);
  });

  it('is read in the runs of its schedule', async () => {
    const payload = await written(of('reconcile-acme'));
    expect(await read(payload, of('reconcile-acme-2026-11-30T09:00:00Z'))).toEqual(VALUE);
  });
});

describe('where payloads that nobody encrypted are refused', () => {
  const codec = createCodec([NEW], 'refuse');
  const json = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
  const label = (encoding: string): Payload => ({
    metadata: { encoding: Buffer.from(encoding) },
    data: Buffer.from('{}'),
  });

  it.each([[null], [{}], [{ by: 'Ann' }], [{ by: 'Ann', amount: 120 }], [{ reason: 'no need', by: 'Ann' }]])(
    'a signal typed by hand is taken: %j',
    async (value) => {
      expect(only(await codec.decode([json(value)]))).toEqual(json(value));
    },
  );

  it.each<[string, Payload]>([
    ['an event', json({ eventName: 'workorder_assigned', workorder: { id: 1 } })],
    ['a ticket', json({ account: 'acme', ticketId: 4 })],
    ['a text', json('x')],
    ['bytes', label('binary/plain')],
    ['nothing at all', label('binary/null')],
    ['a label that looks like ours', label('binary/encrypted ')],
    ['no label', { data: Buffer.from('{}') }],
    ['what is no JSON', { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }],
  ])('%s is not', async (_what, payload) => {
    await expect(codec.decode([payload])).rejects.toThrow(/not encrypted, and DESKBRIDGE_ENCRYPTION_PLAIN is refuse/);
  });

  it('what is encrypted is read, and without keys nothing is refused', async () => {
    expect(defaultPayloadConverter.fromPayload(only(await codec.decode([await encoded()])))).toEqual({
      email: 'ann@example.com',
    });
    expect(only(await createCodec([], 'refuse').decode([plain]))).toBe(plain);
  });
});
